package kube

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	streamhttp "k8s.io/streaming/pkg/httpstream"

	"github.com/meshctl/meshctl/internal/object"
)

// ForwardOptions say which port of a pod to bring here, and to where.
type ForwardOptions struct {
	Namespace  string
	Pod        string
	RemotePort int
	// Address is what to listen on: an IP address, or "localhost" for the
	// loopback of IPv4 and, where there is one, of IPv6. Empty means localhost.
	Address string
	// LocalPort is the port to listen on; 0 takes any that is free.
	LocalPort int
	// AnyPort takes another local port where LocalPort cannot be had.
	AnyPort bool
}

// Forward listens on a local port and connects whoever comes there with a port
// of one pod. It ends with its context, by Close, or when the way to the pod
// breaks; it does not look for another pod.
type Forward struct {
	pod       object.Ref
	port      int
	listeners []net.Listener
	tunnel    streamhttp.Connection
	requests  atomic.Int64

	ending sync.Once
	done   chan struct{}
	err    error // set before done is closed, read after
}

// Forward starts to forward. What keeps it from starting is a *PortInUseError,
// a *NotFoundError when the pod is gone, a *ForbiddenError, or one of the errors
// that any request may end in.
func (c *Cluster) Forward(ctx context.Context, options ForwardOptions) (*Forward, error) {
	pod := object.Ref{Kind: "Pod", Namespace: options.Namespace, Name: options.Pod}
	doing := fmt.Sprintf("forwarding to port %d of %s", options.RemotePort, pod)
	listeners, err := listen(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	tunnel, err := c.dig(ctx, pod)
	if err != nil {
		closeAll(listeners)
		return nil, c.explain(ctx, doing, pod, err)
	}
	f := &Forward{pod: pod, port: options.RemotePort, listeners: listeners, tunnel: tunnel, done: make(chan struct{})}
	f.start(ctx)
	return f, nil
}

func (f *Forward) start(ctx context.Context) {
	go func() {
		select {
		case <-f.done:
		case <-ctx.Done():
			f.end(ctx.Err())
		case <-f.tunnel.CloseChan():
			f.lose("the connection was closed", nil)
		}
	}()
	for _, listener := range f.listeners {
		go f.serve(listener)
	}
}

// serve takes connections until the listener is closed.
func (f *Forward) serve(listener net.Listener) {
	for {
		local, err := listener.Accept()
		if err != nil {
			f.end(fmt.Errorf("listening on %s: %w", listener.Addr(), err))
			return
		}
		go f.handle(local)
	}
}

// LocalAddr is the address it listens on; of localhost, that of IPv4 if there is one.
func (f *Forward) LocalAddr() net.Addr { return f.listeners[0].Addr() }

// Done is closed when the forward has ended: the local port is free again.
func (f *Forward) Done() <-chan struct{} { return f.done }

// Err says why it ended: a *LostError, the error of the context, or nil as long
// as it has not ended and after Close.
func (f *Forward) Err() error {
	select {
	case <-f.done:
		return f.err
	default:
		return nil
	}
}

// Close ends it, and with it all connections.
func (f *Forward) Close() { f.end(nil) }

func (f *Forward) lose(cause string, err error) {
	f.end(&LostError{Pod: f.pod, Port: f.port, Cause: cause, Err: err})
}

func (f *Forward) end(err error) {
	f.ending.Do(func() {
		f.err = err
		closeAll(f.listeners)
		close(f.done)
		_ = f.tunnel.Close() // nobody is left to tell
	})
}

func closeAll(listeners []net.Listener) {
	for _, listener := range listeners {
		_ = listener.Close() // nobody is left to tell
	}
}
