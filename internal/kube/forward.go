package kube

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	streamhttp "k8s.io/streaming/pkg/httpstream"

	"github.com/meshctl/meshctl/internal/object"
)

// Tunnel leads to one port of one pod and carries any number of connections. It
// ends with its context, by Close, or when the way to the pod breaks; it does
// not look for another pod.
type Tunnel struct {
	pod        object.Ref
	port       int
	connection streamhttp.Connection
	requests   atomic.Int64
	// silent is called when nobody answers any more: then requests that share the
	// way of this tunnel are not answered either.
	silent func()

	ending sync.Once
	done   chan struct{}
	err    error // set before done is closed, read after
}

// Tunnel opens the way to a port of a pod. What keeps it from doing so is a
// *NotFoundError when the pod is gone, a *ForbiddenError, or one of the errors
// that any request may end in. That somebody listens on the port shows only
// when a connection is carried there.
func (c *Cluster) Tunnel(ctx context.Context, pod object.Ref, port int) (*Tunnel, error) {
	connection, err := c.dig(ctx, pod)
	if err != nil {
		return nil, c.explain(ctx, fmt.Sprintf("forwarding to port %d of %s", port, pod), pod, err)
	}
	t := &Tunnel{pod: pod, port: port, connection: connection, silent: c.connections.CloseAll, done: make(chan struct{})}
	go func() {
		select {
		case <-t.done:
		case <-ctx.Done():
			t.end(ctx.Err())
		case <-connection.CloseChan():
			t.lose("the connection was closed", nil)
		}
	}()
	return t, nil
}

// Carry connects local with the port until one side has said all, and closes
// local. An error means that the tunnel has ended before anything was read from
// local, which is left open for another tunnel to carry.
func (t *Tunnel) Carry(local net.Conn) error {
	pair, err := t.open()
	if err != nil {
		if errors.Is(err, errSilent) {
			t.silent()
		}
		t.lose(innermost(err), err)
		return err
	}
	defer local.Close()
	defer pair.close(t.connection)
	answered := exchange(local, pair.bytes)
	select {
	case <-t.done:
	case text := <-pair.trouble:
		// A connection that is reset after the pod has answered is the business of
		// those who talk. One that led nowhere shows that the way is broken.
		if text != "" && !answered {
			t.lose(plainTrouble(text), nil)
		}
	}
	return nil
}

// Done is closed when the tunnel has ended.
func (t *Tunnel) Done() <-chan struct{} { return t.done }

// Err says why it ended: a *LostError, the error of the context, or nil as long
// as it has not ended and after Close.
func (t *Tunnel) Err() error {
	select {
	case <-t.done:
		return t.err
	default:
		return nil
	}
}

// Close ends it, and with it all connections.
func (t *Tunnel) Close() { t.end(nil) }

func (t *Tunnel) lose(cause string, err error) {
	t.end(&LostError{Pod: t.pod, Port: t.port, Cause: cause, Err: err})
}

func (t *Tunnel) end(err error) {
	t.ending.Do(func() {
		t.err = err
		close(t.done)
		_ = t.connection.Close() // nobody is left to tell
	})
}
