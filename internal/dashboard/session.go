package dashboard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// Session is a dashboard at a local URL.
type Session struct {
	// URL is what to open, and Base is where the pages start, both for as long as
	// the session lasts.
	URL, Base string
	// Port is the local port and RemotePort the one of the pod.
	Port, RemotePort int
	// NoPage says that the page that was asked for is not there, and URL therefore
	// the start.
	NoPage bool
	// Pod is the one that answers when the session begins, and Service the one
	// that led to it, as NAMESPACE/NAME; both are empty for what is served here.
	Pod     object.Ref
	Service string

	dashboard Dashboard
	options   Options
	cluster   Cluster

	listeners []net.Listener
	gate      *gate
	front     *front // nil if browsers talk to the pod itself
	local     *local // nil if there is a pod
	closing   sync.Once
	forget    func() bool // keeps the context from ending it

	// backend is known after the first answer.
	backend backend
	known   bool

	// What follows belongs to Wait.
	current object.Ref
	tunnel  Tunnel
	// pause is how long to wait before the next try. It grows until a connection
	// lasts, so that a pod which is ready but does not answer is not run over.
	pause time.Duration
}

const (
	shortestPause = 250 * time.Millisecond
	longestPause  = 4 * time.Second
	// steady is how long a connection lasts that is a success.
	steady = 10 * time.Second
	// goneFor is how long something may be missing that does not come back by
	// itself, before the session ends.
	goneFor = 15 * time.Second
)

// Wait keeps the session alive until the context ends, and then returns nil.
// When the pod is lost it moves to another one that is ready, on the same local
// port; if none is found in time, the error says why.
func (s *Session) Wait(ctx context.Context) error {
	defer s.Close()
	if s.local != nil {
		return s.local.wait(ctx)
	}
	var before object.Ref
	for {
		cause := s.hold(ctx)
		if ctx.Err() != nil {
			return nil
		}
		lost := s.current
		// A pod that answers no page but this session's own is lost again and again; once is enough to say.
		told := s.pause > 0 && lost == before
		if !told {
			s.options.notify(Event{State: Lost, Pod: lost, Cause: cause})
		}
		err := s.reconnect(ctx, cause)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("connecting to %s again: %w", s.dashboard.Title, err)
		}
		if !told || s.current != lost {
			s.options.notify(Event{State: Restored, Pod: s.current})
		}
		before = lost
	}
}

// hold returns when the pod is lost or about to go, and why. A tunnel alone does
// not notice at once that its pod is gone: with some runtimes only the next page
// fails.
func (s *Session) hold(ctx context.Context) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	going := make(chan error, 1)
	go func() {
		var why error
		// Who may not watch pods still has the tunnel's own end to go by.
		if s.cluster.Until(watching, s.current, func(live *object.Object) bool {
			why = leaving(live)
			return why != nil
		}) == nil {
			going <- why
		}
	}()
	go s.feel(watching)
	lasting := time.NewTimer(steady)
	defer lasting.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case why := <-going:
			return why
		case <-s.tunnel.Done():
			return s.tunnel.Err()
		case <-lasting.C:
			s.pause = 0
		}
	}
}

// feel asks for a page from time to time while browsers are connected. They go on
// asking through connections that they have; that a network is gone which did
// not say goodbye, as after a laptop has slept, shows only when another one is
// opened, and the tunnel ends then.
func (s *Session) feel(ctx context.Context) {
	pulse := time.NewTicker(s.options.Pulse)
	defer pulse.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pulse.C:
			if s.gate.busy() {
				asking, cancel := context.WithTimeout(ctx, probePatience)
				_ = s.Check(asking) // whether the program is well is not the matter
				cancel()
			}
		}
	}
}

// leaving says why a pod will not answer much longer.
func leaving(live *object.Object) error {
	if live == nil {
		return &PodGoneError{"it was deleted"}
	}
	if live.GetDeletionTimestamp() != nil {
		return &PodGoneError{"it is being deleted"}
	}
	pods, err := typed[corev1.Pod]([]object.Object{*live})
	if err == nil && (pods[0].Status.Phase == corev1.PodSucceeded || pods[0].Status.Phase == corev1.PodFailed) {
		return &PodGoneError{"it has ended"}
	}
	return nil
}

// reconnect tries until it succeeds or patience is at its end, and then returns
// why: at first the cause of the loss.
func (s *Session) reconnect(ctx context.Context, failure error) error {
	patient, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	var gone <-chan time.Time
	for {
		// After a connection that did not last, and after every failure.
		if s.pause > 0 {
			select {
			case <-patient.Done():
				return failure
			case <-gone:
				return failure
			case <-time.After(s.pause):
			}
		}
		s.pause = min(max(2*s.pause, shortestPause), longestPause)
		// A pod that is about to go may answer until another takes its place.
		select {
		case <-s.tunnel.Done():
			s.gate.lead(nil)
		default:
		}
		tunnel, at, err := s.connect(patient, ctx)
		if err == nil {
			s.gate.lead(tunnel)
			s.tunnel, s.current = tunnel, at.pod
			return nil
		}
		// What the end of patience cut short says less than what came before it.
		if patient.Err() == nil {
			failure = err
		}
		switch {
		case !isMissing(err):
			gone = nil
		case gone == nil:
			gone = time.After(goneFor)
		}
	}
}

// isMissing says whether an error is about something that somebody has to make
// anew, unlike pods, which controllers replace.
func isMissing(err error) bool {
	var (
		noService *NotInstalledError
		noPod     *NoPodError
	)
	return errors.As(err, &noService) || errors.As(err, &noPod)
}

// Close gives the local port back and ends all connections.
func (s *Session) Close() {
	s.forget()
	s.end()
}

func (s *Session) end() {
	s.closing.Do(func() {
		closeAll(s.listeners)
		if s.front != nil {
			s.front.close()
		}
		if s.local != nil {
			s.local.close()
		}
		s.gate.close()
	})
}
