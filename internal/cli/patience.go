package cli

import (
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
	"github.com/meshctl/meshctl/internal/ui"
)

// patience tells what a command waits for, but only if it has to wait long: most
// answers are there before anybody wonders.
type patience struct {
	env   *Env
	stage string
	timer *time.Timer

	mu       sync.Mutex
	detail   string
	reporter ui.Reporter // nil until it is long
	over     bool
}

// wondering is when users begin to ask themselves what is going on.
const wondering = 2 * time.Second

// newPatience begins to wait for a stage of work.
func newPatience(env *Env, stage, detail string) *patience {
	p := &patience{env: env, stage: stage, detail: detail}
	p.timer = time.AfterFunc(wondering, p.begin)
	return p
}

func (p *patience) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.reporter = ui.NewReporter(p.env.IO, ui.ProgressAuto, p.env.Global.Quiet, p.env.Now)
	p.tell(progress.Running)
}

// say changes what is waited for.
func (p *patience) say(detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.detail = detail
	if p.reporter != nil && !p.over {
		p.tell(progress.Running)
	}
}

// end has to be called before anything else is printed. Further calls do nothing.
func (p *patience) end() {
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.over = true
	if p.reporter == nil {
		return
	}
	p.detail = ""
	p.tell(progress.Done)
	// Leaves nothing on a terminal: the answer says that it is over.
	_ = p.reporter.Aside(func() error { return nil })
	p.reporter.Close()
}

func (p *patience) tell(state progress.State) {
	p.reporter.Sink()(progress.Event{Stage: p.stage, State: state, Detail: p.detail})
}
