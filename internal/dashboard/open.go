package dashboard

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"
)

// Open brings a dashboard to a local port. The session ends with the context;
// Wait keeps it alive when its pod is replaced. When there is nothing to open,
// the error is a *NotInstalledError, a *NoPodError, an *AmbiguousError, a
// *NotReadyError or a *SilentError.
func Open(ctx context.Context, d Dashboard, options Options, cluster Cluster) (*Session, error) {
	s := &Session{dashboard: d, options: options.withDefaults(), cluster: cluster, gate: newGate()}
	if d.Serve != nil {
		return s.openLocal(ctx)
	}
	tunnel, at, err := s.dig(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.listen(ctx, at.port); err != nil {
		tunnel.Close()
		return nil, err
	}
	s.Pod, s.RemotePort = at.pod, at.port
	if at.service != nil {
		s.Service = at.service.Namespace + "/" + at.service.Name
	}
	s.gate.lead(tunnel)
	s.current, s.tunnel = at.pod, tunnel
	s.open(ctx)
	s.url(s.backend.shown + s.backend.base)
	s.turn(ctx)
	return s, nil
}

// dig finds a pod and a way to it. A pod that is ready and does not answer makes
// room for another one.
func (s *Session) dig(ctx context.Context) (Tunnel, place, error) {
	const attempts = 3
	for attempt := 1; ; attempt++ {
		tunnel, at, err := s.connect(ctx, ctx)
		if err == nil {
			return tunnel, at, nil
		}
		if at.pod.Name == "" || attempt == attempts || ctx.Err() != nil {
			return nil, place{}, err
		}
		s.current = at.pod // to avoid
		select {
		case <-ctx.Done():
		case <-time.After(shortestPause):
		}
	}
}

// connect looks for a pod as long as search lasts and opens a tunnel for as long
// as life does. An error comes with the place if there is one.
func (s *Session) connect(search, life context.Context) (Tunnel, place, error) {
	at, err := finder{dashboard: s.dashboard, options: s.options, avoid: s.current, cluster: s.cluster}.find(search)
	if err != nil {
		return nil, place{}, err
	}
	tunnel, err := s.cluster.Tunnel(life, at.pod, at.port)
	if err != nil {
		return nil, at, err
	}
	if err := s.probe(search, tunnel, at); err != nil {
		tunnel.Close()
		return nil, at, err
	}
	return tunnel, at, nil
}

// probe makes sure that somebody listens, and learns once how to speak to it.
func (s *Session) probe(ctx context.Context, tunnel Tunnel, at place) error {
	p := prober{dashboard: s.dashboard, dial: func(context.Context) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			if tunnel.Carry(there) != nil {
				_ = there.Close()
			}
		}()
		return here, nil
	}}
	if !s.known {
		s.backend = p.find(ctx, s.options, at)
	} else {
		brief, cancel := context.WithTimeout(ctx, probePatience)
		defer cancel()
		_, _ = p.get(brief, s.backend, s.backend.base+or(s.dashboard.Health, "/"))
	}
	select {
	case <-tunnel.Done():
		return &SilentError{Dashboard: s.dashboard, Pod: at.pod, Port: at.port, Err: tunnel.Err()}
	default:
		s.known = true
		return nil
	}
}

// listen takes the local port: the one that was asked for, or the one of the pod
// if that can be had.
func (s *Session) listen(ctx context.Context, usual int) error {
	port, anyPort := s.options.Port, false
	if port == 0 && !s.options.AnyPort {
		port, anyPort = usual, true
	}
	listeners, err := listen(ctx, s.options.Address, port, anyPort)
	if err != nil {
		return fmt.Errorf("listening for %s: %w", s.dashboard.Title, err)
	}
	s.listeners = listeners
	s.Port = portAt(listeners[0].Addr())
	return nil
}

// open lets browsers in.
func (s *Session) open(ctx context.Context) {
	serve := s.gate.serve
	if s.backend.needsFront() {
		s.front = newFront(s.backend, s.gate)
		serve = s.front.serve
	}
	s.forget = context.AfterFunc(ctx, s.end)
	for _, listener := range s.listeners {
		go serve(listener)
	}
}

func (s *Session) url(path string) {
	s.Base = "http://" + net.JoinHostPort(hostFor(s.options.Address), strconv.Itoa(s.Port)) + path
	s.URL = s.Base
}
