package dashboard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/meshctl/meshctl/internal/object"
)

// Session is a dashboard at a local URL.
type Session struct {
	// URL is where the pages are, for as long as the session lasts.
	URL string
	// Port is the local port and RemotePort the one of the pod.
	Port, RemotePort int
	// Pod is the one that answers when the session begins.
	Pod object.Ref

	dashboard Dashboard
	options   Options
	cluster   Cluster
	current   object.Ref
	forward   Forward
	// pause is how long to wait before the next try. It grows until a connection
	// lasts, so that a pod which is ready but does not answer is not run over.
	pause time.Duration
}

const (
	shortestPause = 250 * time.Millisecond
	longestPause  = 4 * time.Second
	// steady is how long a connection lasts that is a success.
	steady = 10 * time.Second
)

// errGone is why a session leaves a pod that has been deleted.
var errGone = errors.New("it was deleted")

// Wait keeps the session alive until the context ends, and then returns nil.
// When the pod is lost it moves to another one that is ready, on the same local
// port; if none is found in time, the error says why.
func (s *Session) Wait(ctx context.Context) error {
	defer func() { s.forward.Close() }()
	var before object.Ref
	for {
		cause := s.hold(ctx)
		if ctx.Err() != nil {
			return nil
		}
		lost := s.current
		// A pod that is ready and does not answer is lost again at every page; once is enough to say.
		told := s.pause > 0 && lost == before
		if !told {
			s.notify(Event{State: Lost, Pod: lost, Cause: cause})
		}
		err := s.reconnect(ctx, cause)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("connecting to %s again: %w", s.dashboard.Title, err)
		}
		if !told || s.current != lost {
			s.notify(Event{State: Restored, Pod: s.current})
		}
		before = lost
	}
}

// hold returns when the pod is lost, and why. A forward alone does not notice
// at once that its pod is gone: with some runtimes only the next page fails.
func (s *Session) hold(ctx context.Context) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	gone := make(chan struct{})
	go func() {
		// Who may not watch pods still has the forward's own end to go by.
		if s.cluster.AwaitGone(watching, []object.Ref{s.current}, func(object.Ref) {}) == nil {
			close(gone)
		}
	}()
	lasting := time.NewTimer(steady)
	defer lasting.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-gone:
			return errGone
		case <-s.forward.Done():
			return s.forward.Err()
		case <-lasting.C:
			s.pause = 0
		}
	}
}

// reconnect tries until it succeeds or patience is at its end, and then returns
// why: at first the cause of the loss.
func (s *Session) reconnect(ctx context.Context, failure error) error {
	s.forward.Close() // gives the local port back
	patient, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	for {
		s.pause = min(max(2*s.pause, shortestPause), longestPause)
		select {
		case <-patient.Done():
			return failure
		case <-time.After(s.pause):
		}
		err := s.connect(patient, ctx)
		if err == nil {
			return nil
		}
		// What the end of patience cut short says less than what came before it.
		if patient.Err() == nil {
			failure = err
		}
	}
}

// connect looks for a pod as long as search lasts and forwards to it as long as life does.
func (s *Session) connect(search, life context.Context) error {
	found, err := find(search, s.dashboard, s.options.Namespace, s.current, s.cluster)
	if err != nil {
		return err
	}
	target := Target{
		Namespace:  found.pod.Namespace,
		Pod:        found.pod.Name,
		RemotePort: found.port,
		Address:    s.options.Address,
		LocalPort:  s.options.Port,
	}
	switch {
	case s.Port != 0: // the URL has been given out
		target.LocalPort = s.Port
	case s.options.Port == 0:
		target.LocalPort, target.AnyPort = found.port, true
	}
	forward, err := s.cluster.Forward(life, target)
	if err != nil {
		return err
	}
	s.forward, s.current = forward, found.pod
	if s.Port == 0 {
		s.Pod, s.RemotePort = found.pod, found.port
	}
	return nil
}

func (s *Session) notify(event Event) {
	if s.options.Notify != nil {
		s.options.Notify(event)
	}
}
