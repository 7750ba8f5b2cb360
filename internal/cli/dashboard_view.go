package cli

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/ui"
)

type dashboardView struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	URL       string `json:"url"`
}

// Kind implements ui.View.
func (dashboardView) Kind() string { return "Dashboard" }

// Text implements ui.View.
func (v dashboardView) Text(w ui.Writer) error {
	_, err := fmt.Fprintln(w, v.URL)
	return err
}

// dashboardStory is what happens to a session, as told on stderr.
type dashboardStory struct {
	env       *Env
	dashboard dashboard.Dashboard
	mu        sync.Mutex // the browser has a goroutine of its own
}

func (s *dashboardStory) begin(session *dashboard.Session) {
	text := fmt.Sprintf("%s answers from %s; Ctrl-C ends it", s.dashboard.Title, session.Pod)
	if session.Port != session.RemotePort {
		text = fmt.Sprintf("%s answers from port %d of %s; Ctrl-C ends it", s.dashboard.Title, session.RemotePort, session.Pod)
	}
	s.good(text)
}

func (s *dashboardStory) tell(event dashboard.Event) {
	switch event.State {
	case dashboard.Lost:
		cause := event.Cause.Error()
		if lost, ok := errors.AsType[*kube.LostError](event.Cause); ok {
			cause = lost.Cause // the rest is said here
		}
		s.bad(fmt.Sprintf("%s lost %s: %s; looking for a ready pod", s.dashboard.Title, event.Pod, cause))
	case dashboard.Restored:
		s.good(fmt.Sprintf("%s is back at the same address, from %s", s.dashboard.Title, event.Pod))
	}
}

func (s *dashboardStory) browse(url string) {
	if err := s.env.Browse(url); err != nil {
		s.bad(fmt.Sprintf("no browser could be opened (%v); open the URL yourself", err))
	}
}

func (s *dashboardStory) good(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.env.Global.Quiet {
		ui.Success(s.env.IO.Stderr(), text)
	}
}

func (s *dashboardStory) bad(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.env.warn(text)
}

func noDashboardHints(e *dashboard.NotInstalledError) []string {
	if len(e.Elsewhere) > 0 {
		return []string{fmt.Sprintf("it is in %s: say -n %s", strings.Join(e.Elsewhere, ", "), e.Elsewhere[0])}
	}
	if e.Dashboard.Component == "" {
		return nil
	}
	return []string{fmt.Sprintf("to install it, repeat your 'meshctl install' with --set components.%s.enabled=true", e.Dashboard.Component)}
}

func dashboardNotReadyHints(e *dashboard.NotReadyError) []string {
	if len(e.Pods) == 0 {
		return []string{"'meshctl status' shows how the mesh is doing"}
	}
	return []string{fmt.Sprintf("kubectl describe pod -n %s %s", e.Namespace, e.Pods[0].Pod)}
}
