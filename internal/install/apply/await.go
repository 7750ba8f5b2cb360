package apply

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
)

// patience is how long an object may be unhealthy before its cause is looked up
// for the board; most become healthy sooner.
const patience = 2 * time.Second

// await returns once the objects of the steps are healthy, and an
// *UnhealthyError when they are not in time.
func (r *run) await(ctx context.Context, steps []plan.Step) error {
	if len(steps) == 0 {
		return nil
	}
	refs := make([]object.Ref, len(steps))
	byRef := map[object.Ref]plan.Step{}
	for i, step := range steps {
		refs[i] = step.Object.Ref()
		byRef[refs[i]] = step
	}
	waiting := &waiting{health: map[object.Ref]object.Health{}}
	watching, stop := context.WithCancel(ctx)
	var explaining sync.WaitGroup
	explaining.Go(func() { r.explain(watching, waiting, byRef) })
	err := r.cluster.Await(ctx, refs, func(health object.Health) {
		waiting.set(health)
		if health.State == object.Healthy {
			r.board.healthy([]plan.Step{byRef[health.Ref]})
			return
		}
		r.board.waiting(byRef[health.Ref], health.Message)
	})
	stop()
	explaining.Wait()
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errTimeout):
		return r.unhealthy(ctx, waiting)
	}
	return fmt.Errorf("waiting for health: %w", err)
}

// explain looks up now and then why objects are still not healthy.
func (r *run) explain(ctx context.Context, waiting *waiting, byRef map[object.Ref]plan.Step) {
	ticker := time.NewTicker(patience)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, health := range waiting.unhealthy() {
			if causes := r.cluster.Causes(ctx, health.Ref); len(causes) > 0 && ctx.Err() == nil {
				r.board.waiting(byRef[health.Ref], causes[0])
			}
		}
	}
}

// unhealthy gathers what is wrong with the objects that did not make it in time.
func (r *run) unhealthy(ctx context.Context, waiting *waiting) error {
	// The time is up, but the user is owed the reasons.
	const goodbye = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	err := &UnhealthyError{Timeout: r.options.Timeout}
	for _, health := range waiting.unhealthy() {
		err.Objects = append(err.Objects, Unhealthy{Health: health, Causes: r.cluster.Causes(ctx, health.Ref)})
	}
	return err
}

// waiting is the last known health of what is waited for.
type waiting struct {
	mu     sync.Mutex
	order  []object.Ref
	health map[object.Ref]object.Health
}

func (w *waiting) set(health object.Health) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.health[health.Ref]; !known {
		w.order = append(w.order, health.Ref)
	}
	w.health[health.Ref] = health
}

func (w *waiting) unhealthy() []object.Health {
	w.mu.Lock()
	defer w.mu.Unlock()
	var unhealthy []object.Health
	for _, ref := range w.order {
		if health := w.health[ref]; health.State != object.Healthy {
			unhealthy = append(unhealthy, health)
		}
	}
	return unhealthy
}

func (w *waiting) report() []Unhealthy {
	var report []Unhealthy
	for _, health := range w.unhealthy() {
		report = append(report, Unhealthy{Health: health})
	}
	return report
}
