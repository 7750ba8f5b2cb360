package dashboard_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
)

// network leads to the API server and can go away as networks do: without a word.
type network struct {
	address string
	// gone is closed for the connections of the moment when they lead nowhere any more.
	mu   sync.Mutex
	gone chan struct{}
	// passed counts connections.
	passed atomic.Int32
}

// behindNetwork reaches the cluster of the tests through a network of its own.
func behindNetwork(t *testing.T) (*network, cluster) {
	t.Helper()
	config, err := clientcmd.LoadFromFile(kubetest.Kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	n := &network{address: listener.Addr().String(), gone: make(chan struct{})}
	for _, one := range config.Clusters {
		server, err := url.Parse(one.Server)
		if err != nil {
			t.Fatal(err)
		}
		go n.serve(listener, server.Host)
		server.Host = n.address
		one.Server = server.String()
	}
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, kubeconfig); err != nil {
		t.Fatal(err)
	}
	return n, cluster{kubetest.Connect(t, kube.Options{Kubeconfig: kubeconfig})}
}

func (n *network) serve(listener net.Listener, to string) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", to)
		if err != nil {
			_ = near.Close()
			continue
		}
		n.passed.Add(1)
		n.mu.Lock()
		gone := n.gone
		n.mu.Unlock()
		go pour(near, far, gone)
		go pour(far, near, gone)
	}
}

// pour copies until the network is gone, and then swallows what comes and keeps
// both ends open.
func pour(to, from net.Conn, gone <-chan struct{}) {
	buffer := make([]byte, 32<<10)
	for {
		read, err := from.Read(buffer)
		select {
		case <-gone:
			if err != nil {
				return
			}
			continue
		default:
		}
		if read > 0 {
			_, _ = to.Write(buffer[:read])
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

// change makes the connections that there are lead nowhere; new ones are well.
func (n *network) change() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.gone)
	n.gone = make(chan struct{})
}

// A browser goes on asking through the connection that it has.
func TestWait_FindsTheWayAgainWhenTheNetworkWentWithoutAWord(t *testing.T) {
	t.Parallel()
	s := setting(t)
	s.install(t, "none")
	s.open(t, dashboard.Options{}).Close() // once it is ready
	way, through := behindNetwork(t)
	s.cluster = through
	events := make(chan dashboard.Event, 10)
	session := s.open(t, dashboard.Options{Pulse: time.Second, Notify: func(event dashboard.Event) { events <- event }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- session.Wait(ctx) }()

	browser := &http.Client{Timeout: time.Minute, Transport: &http.Transport{}}
	read := func() {
		t.Helper()
		response, err := browser.Get(session.URL + "/home")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || !strings.HasSuffix(string(text), "/home") {
			t.Errorf("got %q, %v", text, err)
		}
	}
	read()
	way.change()
	begin := time.Now()
	read()
	t.Logf("answered again after %s, %d connections", time.Since(begin).Round(time.Millisecond), way.passed.Load())
	if lost := expectEvent(t, events); lost.State != dashboard.Lost || lost.Cause == nil {
		t.Errorf("first event %+v, want the loss", lost)
	}
	if back := expectEvent(t, events); back.State != dashboard.Restored {
		t.Errorf("second event %+v, want that it is back", back)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
