package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/ui"
)

// dashboardStory is what happens to sessions, as told on stderr.
type dashboardStory struct {
	env *Env
	// quiet leaves out what is good.
	quiet bool
	mu    sync.Mutex // browsers and sessions have goroutines of their own
}

// begin says where the pages come from.
func (s *dashboardStory) begin(d dashboard.Dashboard, session *dashboard.Session, more string) {
	text := fmt.Sprintf("%s answers from %s", d.Title, session.Pod)
	switch {
	case session.Pod.Name == "":
		text = d.Title + " is served by this command"
	case session.Port != session.RemotePort:
		text = fmt.Sprintf("%s answers from port %d of %s", d.Title, session.RemotePort, session.Pod)
	}
	s.good(text + more)
}

// of tells what happens to a session of d.
func (s *dashboardStory) of(d dashboard.Dashboard) func(dashboard.Event) {
	return func(event dashboard.Event) {
		switch event.State {
		case dashboard.Lost:
			s.bad(fmt.Sprintf("%s lost %s: %s; looking for a ready pod", d.Title, event.Pod, dashboard.Reason(event.Cause)))
		case dashboard.Restored:
			s.good(fmt.Sprintf("%s is back at the same address, from %s", d.Title, event.Pod))
		}
	}
}

// follow tells what becomes of the members of a group: at first at once, and
// then as it comes.
func (s *dashboardStory) follow(ctx context.Context, group *dashboard.Group, all bool) {
	statuses, changed := group.Statuses()
	var missing []string
	for _, status := range statuses {
		if _, absent := errors.AsType[*dashboard.NotInstalledError](status.Err); absent && all {
			missing = append(missing, status.Dashboard.Name)
			continue
		}
		s.member(status)
	}
	if len(missing) > 0 {
		s.good("not installed: " + strings.Join(missing, ", "))
	}
	s.good("Ctrl-C ends them all")
	go func() {
		for before := statuses; ; before = statuses {
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
			statuses, changed = group.Statuses()
			if ctx.Err() != nil {
				return
			}
			for i, status := range statuses {
				// Lost and Restored are told by the session.
				failedOrBack := (before[i].Phase == dashboard.Failed) != (status.Phase == dashboard.Failed)
				if failedOrBack {
					s.member(status)
				}
			}
		}
	}()
}

func (s *dashboardStory) member(status dashboard.Status) {
	switch {
	case status.Session != nil:
		s.begin(status.Dashboard, status.Session, "")
	case status.Err != nil:
		s.bad(status.Err.Error())
		s.hints(status.Err)
	}
}

func (s *dashboardStory) hints(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.env.Global.Quiet {
		return
	}
	for _, hint := range judge(dashboardError(err)).hints {
		if hint != "" {
			ui.Hint(s.env.IO.Stderr(), s.env.named(hint))
		}
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
	if !s.env.Global.Quiet && !s.quiet {
		ui.Success(s.env.IO.Stderr(), text)
	}
}

func (s *dashboardStory) bad(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.env.warn(text)
}
