package dashboard

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Group keeps several dashboards open at once. What one of them comes to is no
// matter of the others.
type Group struct {
	cluster Cluster
	now     func() time.Time
	again   time.Duration

	mu      sync.Mutex
	members []*member
	changed chan struct{}
	waiting int // members that have neither opened nor failed yet
	settled chan struct{}
}

// Member is a dashboard of a group and how to open it.
type Member struct {
	Dashboard Dashboard
	Options   Options
}

// Phase is what a member of a group is doing.
type Phase string

// The phases.
const (
	Opening      Phase = "opening"
	Up           Phase = "up"
	Reconnecting Phase = "reconnecting"
	Failed       Phase = "failed"
)

// Status is how a member of a group is doing.
type Status struct {
	Dashboard Dashboard
	Phase     Phase
	// Session is nil where it has failed or is opening.
	Session *Session
	// Err is what it failed by, or why its pod was lost.
	Err error
	// Sick is what the program said when it was asked last, and Took how long that
	// took; Asked is whether it was asked at all.
	Sick  error
	Took  time.Duration
	Asked bool
}

type member struct {
	Member
	status Status
	opened bool // at least once
}

// openAgain is how long after a failure another try is made: somebody may be
// installing what was not there.
const openAgain = 10 * time.Second

// NewGroup is a group that Run opens. now is the clock.
func NewGroup(members []Member, cluster Cluster, now func() time.Time) *Group {
	g := &Group{cluster: cluster, now: now, again: openAgain, changed: make(chan struct{}), settled: make(chan struct{}), waiting: len(members)}
	for _, one := range members {
		g.members = append(g.members, &member{Member: one, status: Status{Dashboard: one.Dashboard, Phase: Opening}})
	}
	return g
}

// Run opens the members and keeps them open until the context ends, and then
// returns nil. Those that fail are tried again for as long as others are up;
// when none is left, the error is all of theirs.
func (g *Group) Run(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	var running sync.WaitGroup
	for _, m := range g.members {
		running.Go(func() { g.keep(ctx, m, end) })
	}
	running.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.hopeless() {
		return nil
	}
	var all []error
	for _, m := range g.members {
		all = append(all, m.status.Err)
	}
	return errors.Join(all...)
}

// keep opens a member again and again.
func (g *Group) keep(ctx context.Context, m *member, end func()) {
	options := m.Options
	options.Notify = func(event Event) {
		g.change(m, func(status *Status) {
			status.Phase, status.Err = Up, nil
			if event.State == Lost {
				status.Phase, status.Err = Reconnecting, event.Cause
			}
		})
		m.Options.notify(event)
	}
	for {
		session, err := Open(ctx, m.Dashboard, options, g.cluster)
		if err == nil {
			g.change(m, func(status *Status) { *status = Status{Dashboard: m.Dashboard, Phase: Up, Session: session} })
			err = session.Wait(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		g.change(m, func(status *Status) { *status = Status{Dashboard: m.Dashboard, Phase: Failed, Err: err} })
		if g.isHopeless() {
			end()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(g.again):
		}
	}
}

// change changes a status and tells whoever looks.
func (g *Group) change(m *member, how func(*Status)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	how(&m.status)
	if !m.opened && m.status.Phase != Opening {
		m.opened = true
		if g.waiting--; g.waiting == 0 {
			close(g.settled)
		}
	}
	g.tell()
}

func (g *Group) tell() {
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *Group) isHopeless() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.hopeless()
}

// hopeless says that nothing is up and nothing is about to be.
func (g *Group) hopeless() bool {
	return !slices.ContainsFunc(g.members, func(m *member) bool { return m.status.Phase != Failed })
}

// Settled is closed when every member has opened or failed once.
func (g *Group) Settled() <-chan struct{} { return g.settled }

// Statuses are how the members are doing, in their order, and what is closed
// when one of them does otherwise.
func (g *Group) Statuses() ([]Status, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	statuses := make([]Status, len(g.members))
	for i, m := range g.members {
		statuses[i] = m.status
	}
	return statuses, g.changed
}

// Check asks all members that are up how they are.
func (g *Group) Check(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	statuses, _ := g.Statuses()
	var asking sync.WaitGroup
	for i, status := range statuses {
		if status.Phase != Up {
			continue
		}
		asking.Go(func() {
			begin := g.now()
			sick := status.Session.Check(ctx)
			took := g.now().Sub(begin)
			g.mu.Lock()
			defer g.mu.Unlock()
			if now := &g.members[i].status; now.Session == status.Session && now.Phase == Up {
				now.Sick, now.Took, now.Asked = sick, took, true
			}
		})
	}
	asking.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tell()
}
