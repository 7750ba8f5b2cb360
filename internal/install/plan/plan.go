// Package plan compares a manifest with a cluster and says what would have to
// change: which objects to create, change, keep and delete, in which order.
//
// It asks the API server by dry run and changes nothing. A Plan is what the
// user approves and the only thing the next stage, apply, works from.
package plan

import (
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
)

// Action is what happens to one object.
type Action string

// The actions, in the order in which summaries list them.
const (
	Create Action = "create"
	Change Action = "change"
	Keep   Action = "keep"
	Delete Action = "delete"
)

// Plan is a change as a whole.
type Plan struct {
	Waves []Wave
}

// Wave is what can be done side by side once the wave before it is healthy.
type Wave struct {
	Name  string
	Steps []Step
}

// Step is what happens to one object.
type Step struct {
	Action Action
	// Object is the desired state, less the fields that were handed over to
	// others (see handOver); for Delete it is the object that goes.
	Object object.Object
	// Component is the title of the part of the mesh the object belongs to.
	Component string
	// Diff lists the changed fields of a Change. It is empty when only the
	// ownership changes: the object is right, but was made by another tool.
	Diff []FieldChange
	// Conflicts are changed fields that another field manager owns.
	Conflicts []object.Conflict
	// Ownership is Take for an object with fields that others own, be it that
	// they only spell the same value differently.
	Ownership object.Ownership
	// Blocks says that later waves wait until the object is healthy.
	Blocks bool
}

// Empty says that there is nothing to do.
func (p Plan) Empty() bool {
	counts := p.Counts()
	return counts[Create]+counts[Change]+counts[Delete] == 0
}

// Counts is the number of steps by action.
func (p Plan) Counts() map[Action]int {
	counts := map[Action]int{}
	for _, step := range p.Steps() {
		counts[step.Action]++
	}
	return counts
}

// Steps lists all steps in order.
func (p Plan) Steps() []Step {
	var steps []Step
	for _, wave := range p.Waves {
		steps = append(steps, wave.Steps...)
	}
	return steps
}

// Conflicts lists the steps that would take fields from another owner.
func (p Plan) Conflicts() []Step {
	var conflicting []Step
	for _, step := range p.Steps() {
		if len(step.Conflicts) > 0 {
			conflicting = append(conflicting, step)
		}
	}
	return conflicting
}

// Components lists the titles of the components in the order of their first step.
func (p Plan) Components() []string {
	var titles []string
	seen := map[string]bool{}
	for _, step := range p.Steps() {
		if !seen[step.Component] {
			seen[step.Component] = true
			titles = append(titles, step.Component)
		}
	}
	return titles
}

// waves lays the manifest out in empty Keep steps, by wave.
func waves(manifest render.Manifest) []Wave {
	byWave := map[render.Wave][]Step{}
	for _, component := range manifest.Components {
		for _, o := range component.Objects {
			wave := render.WaveOf(component.Kind, o)
			byWave[wave] = append(byWave[wave], Step{
				Action:    Keep,
				Object:    o,
				Component: component.Title,
				Ownership: object.Respect,
				Blocks:    !component.AddOn(),
			})
		}
	}
	var laid []Wave
	for wave := render.Definitions; wave <= render.Gateways; wave++ {
		if steps := byWave[wave]; len(steps) > 0 {
			laid = append(laid, Wave{Name: wave.String(), Steps: steps})
		}
	}
	return laid
}
