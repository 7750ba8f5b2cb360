package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
)

// Unhealthy is an applied object that did not become healthy, and why.
type Unhealthy struct {
	object.Health
	Causes []string
}

// UnhealthyError is a change that was applied, wholly or in part, and whose
// objects did not become healthy in time.
type UnhealthyError struct {
	Timeout time.Duration
	Objects []Unhealthy
	// NotApplied are the components that were left out because they build on the unhealthy ones.
	NotApplied []string
}

func (e *UnhealthyError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "the mesh did not become healthy within %s", e.Timeout)
	for _, o := range e.Objects {
		fmt.Fprintf(&text, "\n  %s: %s", o.Ref, strings.TrimPrefix(o.Message, o.Ref.Name+": "))
		for _, cause := range o.Causes {
			fmt.Fprintf(&text, "\n    %s", cause)
		}
	}
	if len(e.NotApplied) > 0 {
		fmt.Fprintf(&text, "\n  not applied: %s", strings.Join(e.NotApplied, ", "))
	}
	return text.String()
}

// StepError is one object that the server refused to change.
type StepError struct {
	Step plan.Step
	Err  error
	// NotApplied are the components that were left out because of it.
	NotApplied []string
}

func (e *StepError) Error() string {
	text := e.Err.Error() // names the object already
	if len(e.NotApplied) > 0 {
		text += "\n  not applied: " + strings.Join(e.NotApplied, ", ")
	}
	return text
}

func (e *StepError) Unwrap() error { return e.Err }

// failed closes the board and completes the error with what was not done.
func (r *run) failed(err error, p plan.Plan) error {
	culprits := map[string]error{}
	unhealthy, refused := (*UnhealthyError)(nil), (*StepError)(nil)
	switch {
	case errors.As(err, &unhealthy):
		byRef := map[object.Ref]string{}
		for _, step := range p.Steps() {
			byRef[step.Object.Ref()] = step.Component
		}
		for _, o := range unhealthy.Objects {
			culprits[byRef[o.Ref]] = fmt.Errorf("%s: %s", o.Ref.Name, o.cause())
		}
		unhealthy.NotApplied = r.board.unfinished()
	case errors.As(err, &refused):
		culprits[refused.Step.Component] = refused.Err
		refused.NotApplied = r.board.unfinished()
	case errors.Is(err, context.Canceled):
		err = context.Canceled
	}
	r.board.fail(culprits)
	return err
}

func (u Unhealthy) cause() string {
	if len(u.Causes) > 0 {
		return u.Causes[0]
	}
	return u.Message
}
