package apply

import (
	"fmt"
	"sync"

	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/progress"
)

// board keeps count of the objects of each component and tells as events how
// far the components are.
type board struct {
	sink progress.Sink
	// stage is "apply", or "delete" for a plan of nothing else.
	stage string

	mu         sync.Mutex
	components map[string]*component
	order      []string
}

type component struct {
	total   int
	applied int
	settled map[object.Ref]bool
	waiting map[object.Ref]string
	started bool
	done    bool
}

func newBoard(p plan.Plan, sink progress.Sink) *board {
	b := &board{sink: sink, stage: "apply", components: map[string]*component{}, order: p.Components()}
	if p.Counts()[plan.Delete] == len(p.Steps()) {
		b.stage = "delete"
	}
	for _, title := range b.order {
		b.components[title] = &component{settled: map[object.Ref]bool{}, waiting: map[object.Ref]string{}}
	}
	for _, step := range p.Steps() {
		b.components[step.Component].total++
	}
	for _, title := range b.order {
		b.tell(title, progress.Queued, "")
	}
	return b
}

func (b *board) tell(title string, state progress.State, detail string) {
	b.sink(progress.Event{Stage: b.stage, Subject: title, State: state, Detail: detail})
}

func (b *board) start(step plan.Step) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.components[step.Component]
	if !c.started {
		c.started = true
		b.tell(step.Component, progress.Running, "")
	}
}

func (b *board) applied(step plan.Step) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.components[step.Component]
	c.applied++
	if c.started {
		b.tell(step.Component, progress.Running, fmt.Sprintf("%d of %d objects", c.applied, c.total))
	}
}

// waiting says what an applied object still lacks.
func (b *board) waiting(step plan.Step, message string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.components[step.Component]
	c.started = true
	name := step.Object.GetName()
	if message == "" {
		message = "not ready"
	}
	if c.waiting[step.Object.Ref()] == message {
		return
	}
	c.waiting[step.Object.Ref()] = message
	b.tell(step.Component, progress.Waiting, name+": "+message)
}

// healthy settles steps; a component whose every step is settled is done.
func (b *board) healthy(steps []plan.Step) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, step := range steps {
		c := b.components[step.Component]
		ref := step.Object.Ref()
		c.settled[ref] = true
		delete(c.waiting, ref)
		if len(c.settled) == c.total && !c.done {
			c.done = true
			b.tell(step.Component, progress.Done, fmt.Sprintf("%d %s", c.total, plural(c.total)))
		}
	}
}

func plural(n int) string {
	if n == 1 {
		return "object"
	}
	return "objects"
}

// fail closes the components that are not done: the culprits as failed, those
// that never started as skipped.
func (b *board) fail(culprits map[string]error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, title := range b.order {
		c := b.components[title]
		switch err, guilty := culprits[title]; {
		case c.done:
		case guilty:
			b.sink(progress.Event{Stage: b.stage, Subject: title, State: progress.Failed, Err: err})
		case !c.started:
			b.tell(title, progress.Skipped, "not applied")
		default:
			b.tell(title, progress.Skipped, fmt.Sprintf("stopped after %d of %d objects", c.applied, c.total))
		}
	}
}

// unfinished lists the components of which objects were left out.
func (b *board) unfinished() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var left []string
	for _, title := range b.order {
		c := b.components[title]
		switch c.applied {
		case c.total:
		case 0:
			left = append(left, title)
		default:
			left = append(left, fmt.Sprintf("%s (%d of %d %s were)", title, c.applied, c.total, plural(c.total)))
		}
	}
	return left
}
