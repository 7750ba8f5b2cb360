package cli

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

// planView is a plan as users see it: counts for each component, then what
// changes inside objects and what goes.
type planView struct {
	Profile    string          `json:"profile,omitempty"`
	Release    string          `json:"release"`
	Namespace  string          `json:"namespace"`
	Components []componentPlan `json:"components"`
	Steps      []stepView      `json:"steps"`

	meshVersion string
	sample      string
	removal     bool
	all         bool // list every object, not only those that change or go
}

type componentPlan struct {
	Name   string `json:"name"`
	Create int    `json:"create"`
	Change int    `json:"change"`
	Keep   int    `json:"keep"`
	Delete int    `json:"delete"`
}

type stepView struct {
	Action    plan.Action        `json:"action"`
	Object    object.Ref         `json:"object"`
	Component string             `json:"component"`
	Wave      string             `json:"wave"`
	Diff      []plan.FieldChange `json:"diff,omitempty"`
	Conflicts []object.Conflict  `json:"conflicts,omitempty"`
}

func newPlanView(proposal install.Proposal) planView {
	view := planView{
		Release:    proposal.Release,
		Namespace:  proposal.Namespace,
		Components: []componentPlan{},
		Steps:      []stepView{},
	}
	view.sample, view.removal = proposal.Sample, proposal.Removal
	if proposal.Mesh != nil {
		view.Profile, view.meshVersion = proposal.Mesh.Profile, proposal.Mesh.Version
	}
	at := map[string]int{}
	for _, wave := range proposal.Plan.Waves {
		for _, step := range wave.Steps {
			i, known := at[step.Component]
			if !known {
				i = len(view.Components)
				at[step.Component] = i
				view.Components = append(view.Components, componentPlan{Name: step.Component})
			}
			view.Components[i].count(step.Action)
			view.Steps = append(view.Steps, stepView{
				Action: step.Action, Object: step.Object.Ref(), Component: step.Component,
				Wave: wave.Name, Diff: step.Diff, Conflicts: step.Conflicts,
			})
		}
	}
	return view
}

func (c *componentPlan) count(action plan.Action) {
	switch action {
	case plan.Create:
		c.Create++
	case plan.Change:
		c.Change++
	case plan.Keep:
		c.Keep++
	case plan.Delete:
		c.Delete++
	}
}

// Kind names the view in JSON and YAML.
func (planView) Kind() string { return "Plan" }

// Text writes the plan for people.
func (v planView) Text(w ui.Writer) error {
	fmt.Fprintln(w, w.Theme.Heading.Render(v.heading()))
	if err := v.counts(w); err != nil {
		return err
	}
	return v.details(w)
}

func (v planView) heading() string {
	switch {
	case v.removal:
		return fmt.Sprintf("Removing release %s from namespace %s", v.Release, v.Namespace)
	case v.sample != "":
		return fmt.Sprintf("Sample %s, into namespace %s", v.sample, v.Namespace)
	}
	return fmt.Sprintf("Istio %s, profile %s, into namespace %s", v.meshVersion, v.Profile, v.Namespace)
}

// question asks for what the plan says.
func (v planView) question() string {
	if v.removal {
		return "Delete these objects?"
	}
	return "Go ahead?"
}

func (v planView) counts(w ui.Writer) error {
	table := ui.NewTable("component", "+ created", "~ changed", "= kept", "- deleted")
	table.Indent = 2
	theme := w.Theme
	for _, c := range append(v.Components, v.total()) {
		table.Cells(
			ui.Cell{Text: c.Name},
			numberCell(c.Create, theme.Added, theme),
			numberCell(c.Change, theme.Changed, theme),
			numberCell(c.Keep, theme.Kept, theme),
			numberCell(c.Delete, theme.Deleted, theme),
		)
	}
	return table.Print(w)
}

// total sums the components up.
func (v planView) total() componentPlan {
	total := componentPlan{Name: "total"}
	for _, c := range v.Components {
		total.Create += c.Create
		total.Change += c.Change
		total.Keep += c.Keep
		total.Delete += c.Delete
	}
	return total
}

func numberCell(n int, style ui.Style, theme ui.Theme) ui.Cell {
	if n == 0 {
		return theme.Muted.Cell("·")
	}
	return style.Cell(strconv.Itoa(n))
}

// details lists what happens to single objects, where that is not plain from
// the counts.
func (v planView) details(w ui.Writer) error {
	for _, step := range v.Steps {
		line := fmt.Sprintf("%s %s", mark(step.Action), step.Object)
		switch {
		case step.Action == plan.Delete:
			fmt.Fprintln(w, "  "+w.Theme.Deleted.Render(line))
		case step.Action == plan.Change:
			fmt.Fprintln(w, "  "+w.Theme.Changed.Render(line))
			if len(step.Diff) == 0 {
				fmt.Fprintln(w, "      "+w.Theme.Muted.Render("taken over as it is: another tool made it"))
			}
			if err := v.fields(w, step.Diff); err != nil {
				return err
			}
		case v.all && step.Action == plan.Create:
			fmt.Fprintln(w, "  "+w.Theme.Added.Render(line))
		}
		for _, conflict := range step.Conflicts {
			fmt.Fprintln(w, "      "+w.Theme.Warning.Render(fmt.Sprintf("%s is managed by %q", conflict.Field, conflict.Manager)))
		}
	}
	return nil
}

// fields shows what changes inside an object. Before a question a few lines
// are enough to recognise a change; a dry run shows all of it.
func (v planView) fields(w ui.Writer, diff []plan.FieldChange) error {
	const indent, enough = 6, 16
	var text bytes.Buffer
	if err := ui.PrintFields(ui.Writer{Writer: &text, Theme: w.Theme, Width: w.Width}, indent, fieldChanges(diff)); err != nil {
		return err
	}
	lines := strings.SplitAfter(text.String(), "\n")
	if left := len(lines) - enough; left > 1 && !v.all {
		lines = append(lines[:enough], strings.Repeat(" ", indent)+w.Theme.Muted.Render(fmt.Sprintf("and %d lines more; --dry-run shows all", left))+"\n")
	}
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

func mark(action plan.Action) string {
	switch action {
	case plan.Create:
		return "+"
	case plan.Change:
		return "~"
	case plan.Delete:
		return "-"
	}
	return "="
}

func fieldChanges(diff []plan.FieldChange) []ui.FieldChange {
	changes := make([]ui.FieldChange, len(diff))
	for i, change := range diff {
		changes[i] = ui.FieldChange{Path: change.Path, Old: change.Old, New: change.New}
	}
	return changes
}
