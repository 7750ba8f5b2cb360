package kube

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	streamhttp "k8s.io/streaming/pkg/httpstream"
)

// streams are what one connection takes: a stream for its bytes, and one on
// which the kubelet says what went wrong.
type streams struct {
	bytes, troubles streamhttp.Stream
	// trouble takes what the kubelet says, once.
	trouble chan string
}

// streamPatience is how long the other side may take to accept a stream. It
// does so at once; longer silence is a network that has gone away unnoticed.
const streamPatience = 10 * time.Second

var errSilent = errors.New("there is no answer any more")

// open makes the streams for a connection.
func (t *Tunnel) open() (*streams, error) {
	type result struct {
		pair *streams
		err  error
	}
	results := make(chan result, 1)
	go func() {
		pair, err := t.create()
		results <- result{pair, err}
	}()
	patience := time.NewTimer(streamPatience)
	defer patience.Stop()
	select {
	case <-t.done:
		// Streams that come late go with their connection.
		return nil, errors.New("the tunnel has ended")
	case <-patience.C:
		return nil, errSilent
	case came := <-results:
		return came.pair, came.err
	}
}

func (t *Tunnel) create() (*streams, error) {
	request := strconv.FormatInt(t.requests.Add(1), 10)
	troubles, err := t.stream(corev1.StreamTypeError, request)
	if err != nil {
		return nil, err
	}
	_ = troubles.Close() // nothing is said on it from here
	bytes, err := t.stream(corev1.StreamTypeData, request)
	if err != nil {
		t.connection.RemoveStreams(troubles)
		return nil, err
	}
	pair := &streams{bytes: bytes, troubles: troubles, trouble: make(chan string, 1)}
	go func() {
		text, _ := io.ReadAll(troubles)
		pair.trouble <- string(text)
	}()
	return pair, nil
}

func (t *Tunnel) stream(kind, request string) (streamhttp.Stream, error) {
	headers := http.Header{}
	headers.Set(corev1.StreamType, kind)
	headers.Set(corev1.PortHeader, strconv.Itoa(t.port))
	headers.Set(corev1.PortForwardRequestIDHeader, request)
	return t.connection.CreateStream(headers)
}

func (s *streams) close(connection streamhttp.Connection) {
	connection.RemoveStreams(s.bytes, s.troubles)
}

// exchange copies both ways until the pod has said all or one side fails, and
// tells whether the pod said anything.
func exchange(local net.Conn, remote streamhttp.Stream) (answered bool) {
	received := make(chan int64, 1)
	failed := make(chan struct{})
	go func() {
		count, _ := io.Copy(local, remote)
		received <- count
	}()
	go func() {
		_, err := io.Copy(remote, local)
		_ = remote.Close() // the pod learns that nothing more comes, and may still answer
		if err != nil {
			close(failed)
		}
	}()
	var count int64
	select {
	case count = <-received:
	case <-failed:
		_ = local.Close() // unblocks the other direction
		_ = remote.Reset()
		count = <-received
	}
	// Bytes that nobody will read must not keep the kubelet from saying what is wrong.
	_ = remote.Reset()
	return count > 0
}

// plainTrouble shortens what a kubelet says: the cause comes last.
func plainTrouble(text string) string {
	text = firstLine(strings.TrimSpace(text))
	if at := strings.LastIndex(text, ": "); at >= 0 {
		return text[at+2:]
	}
	return text
}
