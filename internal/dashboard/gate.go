package dashboard

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// gate lets connections through to the pod of the moment. While there is none it
// holds them, so that a browser that comes while a pod is being replaced waits
// for the next one instead of being sent away.
type gate struct {
	// patience is how long a connection is held.
	patience time.Duration

	mu      sync.Mutex
	current *way
	// retired are ways that are still in use.
	retired map[*way]bool
	// changed is closed when current changes.
	changed chan struct{}
	closed  chan struct{}
	closing sync.Once
}

// way is a tunnel and the number of connections in it.
type way struct {
	tunnel Tunnel
	users  int
}

// heldFor is about as long as people wait for a page before they try again.
const heldFor = 20 * time.Second

var errClosed = errors.New("the session has ended")

func newGate() *gate {
	return &gate{patience: heldFor, retired: map[*way]bool{}, changed: make(chan struct{}), closed: make(chan struct{})}
}

// lead sends new connections through a tunnel, or holds them if it is nil. Those
// that are under way stay in the tunnel they are in, which ends with the last
// of them or with its pod.
func (g *gate) lead(tunnel Tunnel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if old := g.current; old != nil {
		if old.users == 0 {
			old.tunnel.Close()
		} else {
			g.retired[old] = true
		}
	}
	g.current = nil
	if tunnel != nil {
		g.current = &way{tunnel: tunnel}
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// enter is the way of the moment, nil if there is none, and what is closed when
// there is another.
func (g *gate) enter() (*way, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.current != nil {
		g.current.users++
	}
	return g.current, g.changed
}

func (g *gate) leave(w *way) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.users--
	if w.users == 0 && g.retired[w] {
		delete(g.retired, w)
		w.tunnel.Close()
	}
}

// busy says whether somebody is connected to the pod of the moment.
func (g *gate) busy() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.current != nil && g.current.users > 0
}

// pass carries a connection to the pod and closes it.
func (g *gate) pass(local net.Conn) {
	patience := time.NewTimer(g.patience)
	defer patience.Stop()
	for {
		way, changed := g.enter()
		if way != nil {
			err := way.tunnel.Carry(local)
			g.leave(way)
			if err == nil {
				return
			}
		}
		select {
		case <-changed:
			continue
		case <-g.closed:
		case <-patience.C:
		}
		_ = local.Close() // nobody is left to tell
		return
	}
}

// serve lets in who comes to a listener, until that is closed.
func (g *gate) serve(listener net.Listener) {
	for {
		local, err := listener.Accept()
		if err != nil {
			return
		}
		go g.pass(local)
	}
}

// dial is a connection of this program's own.
func (g *gate) dial(ctx context.Context) (net.Conn, error) {
	select {
	case <-g.closed:
		return nil, errClosed
	default:
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	here, there := net.Pipe()
	go g.pass(there)
	return here, nil
}

// close ends all connections.
func (g *gate) close() {
	g.closing.Do(func() {
		close(g.closed)
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.current != nil {
			g.current.tunnel.Close()
		}
		for way := range g.retired {
			way.tunnel.Close()
		}
	})
}
