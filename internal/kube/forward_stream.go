package kube

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	streamhttp "k8s.io/streaming/pkg/httpstream"
)

// handle connects one local connection with the port of the pod. The protocol
// has two streams for it: one for the bytes, and one on which the kubelet says
// what went wrong.
func (f *Forward) handle(local net.Conn) {
	defer local.Close()
	request := strconv.FormatInt(f.requests.Add(1), 10)
	troubles, err := f.stream(corev1.StreamTypeError, request)
	if err != nil {
		f.lose(innermost(err), err)
		return
	}
	defer f.tunnel.RemoveStreams(troubles)
	_ = troubles.Close() // nothing is said on it from here
	trouble := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(troubles)
		trouble <- string(text)
	}()

	remote, err := f.stream(corev1.StreamTypeData, request)
	if err != nil {
		f.lose(innermost(err), err)
		return
	}
	defer f.tunnel.RemoveStreams(remote)
	answered := exchange(local, remote)
	select {
	case <-f.done:
	case text := <-trouble:
		// A connection that is reset after the pod has answered is the business of
		// those who talk. One that led nowhere shows that the way is broken.
		if text != "" && !answered {
			f.lose(plainTrouble(text), nil)
		}
	}
}

func (f *Forward) stream(kind, request string) (streamhttp.Stream, error) {
	headers := http.Header{}
	headers.Set(corev1.StreamType, kind)
	headers.Set(corev1.PortHeader, strconv.Itoa(f.port))
	headers.Set(corev1.PortForwardRequestIDHeader, request)
	return f.tunnel.CreateStream(headers)
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
