package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

// statusView is a status report as users see it.
type statusView struct {
	status.Report
	now time.Time
}

// Kind names the view in JSON and YAML.
func (statusView) Kind() string { return "StatusReport" }

// Text writes the report for people.
func (v statusView) Text(w ui.Writer) error {
	r := v.Release
	fmt.Fprintf(w, "%s in namespace %s: release %s, revision %d, %s %s ago\n\n",
		w.Theme.Heading.Render("Istio "+r.MeshVersion), r.Namespace, r.Name, r.Revision, r.Status, age(v.now.Sub(r.Changed)))
	if err := v.components(w); err != nil {
		return err
	}
	v.problems(w)
	if err := v.endpoints(w); err != nil {
		return err
	}
	return v.namespaces(w)
}

func (v statusView) components(w ui.Writer) error {
	table := ui.NewTable("component", "state", "ready", "version", "objects")
	for _, c := range v.Components {
		ready := "·"
		if c.Desired > 0 {
			ready = fmt.Sprintf("%d/%d", c.Ready, c.Desired)
		}
		table.Cells(
			ui.Cell{Text: c.Title},
			stateCell(c.State, w.Theme),
			ui.Cell{Text: ready},
			ui.Cell{Text: orDot(c.Version)},
			ui.Cell{Text: strconv.Itoa(c.Objects)},
		)
	}
	return table.Print(w)
}

func stateCell(state object.HealthState, theme ui.Theme) ui.Cell {
	switch state {
	case object.Healthy:
		return theme.Success.Cell("healthy")
	case object.InProgress:
		return theme.Warning.Cell("in progress")
	case object.NotFound:
		return theme.Danger.Cell("incomplete")
	}
	return theme.Danger.Cell(strings.ToLower(string(state)))
}

func orDot(text string) string {
	if text == "" {
		return "·"
	}
	return text
}

func (v statusView) problems(w ui.Writer) {
	for _, c := range v.Components {
		if len(c.Problems) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", w.Theme.Danger.Render(c.Title))
		for _, problem := range c.Problems {
			fmt.Fprintf(w, "  %s\n", problem)
		}
	}
}

func (v statusView) endpoints(w ui.Writer) error {
	table := ui.NewTable("service", "type", "port", "address", "node port")
	for _, c := range v.Components {
		for _, e := range c.Endpoints {
			nodePort := "·"
			if e.NodePort != 0 {
				nodePort = strconv.Itoa(int(e.NodePort))
			}
			address := e.Address
			if address == "" {
				address = "pending"
			}
			table.Row(e.Service, e.Type, orDot(e.Port), address, nodePort)
		}
	}
	if table.Len() == 0 {
		return nil
	}
	fmt.Fprintln(w)
	return table.Print(w)
}

func (v statusView) namespaces(w ui.Writer) error {
	fmt.Fprintln(w)
	if len(v.Namespaces) == 0 {
		fmt.Fprintln(w, "No namespace asks for sidecars yet.")
		return nil
	}
	table := ui.NewTable("namespace", "label", "pods", "with sidecar")
	for _, n := range v.Namespaces {
		table.Row(n.Name, n.Label, strconv.Itoa(n.Pods), strconv.Itoa(n.Injected))
	}
	return table.Print(w)
}

// age is a duration in its largest unit, as kubectl writes it.
func age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%dd", d/day)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
