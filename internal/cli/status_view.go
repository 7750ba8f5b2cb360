package cli

import (
	"fmt"
	"iter"
	"net"
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

// endpoints lists the Services, each with its ports on one line.
func (v statusView) endpoints(w ui.Writer) error {
	table := ui.NewTable("service", "type", "address", "ports")
	for _, c := range v.Components {
		for ports := range byService(c.Endpoints) {
			table.Row(ports[0].Service, ports[0].Type, hostOf(ports[0]), describePorts(ports))
		}
	}
	if table.Len() == 0 {
		return nil
	}
	fmt.Fprintln(w)
	return table.Print(w)
}

// byService groups endpoints, which stand next to those of the same Service.
func byService(endpoints []status.Endpoint) iter.Seq[[]status.Endpoint] {
	return func(yield func([]status.Endpoint) bool) {
		for start := 0; start < len(endpoints); {
			end := start + 1
			for end < len(endpoints) && endpoints[end].Service == endpoints[start].Service {
				end++
			}
			if !yield(endpoints[start:end]) {
				return
			}
			start = end
		}
	}
}

func hostOf(endpoint status.Endpoint) string {
	if endpoint.Address == "" {
		return "pending"
	}
	host, _, err := net.SplitHostPort(endpoint.Address)
	if err != nil {
		return endpoint.Address
	}
	return host
}

// describePorts writes ports as kubectl does, with the node port behind a colon.
func describePorts(endpoints []status.Endpoint) string {
	ports := make([]string, len(endpoints))
	for i, e := range endpoints {
		ports[i] = strconv.Itoa(int(e.Port))
		if e.NodePort != 0 {
			ports[i] += fmt.Sprintf(":%d", e.NodePort)
		}
		if e.Name != "" {
			ports[i] += " " + e.Name
		}
	}
	return strings.Join(ports, ", ")
}

func (v statusView) namespaces(w ui.Writer) error {
	fmt.Fprintln(w)
	if len(v.Namespaces) == 0 {
		fmt.Fprintln(w, "No namespace is in the mesh yet.")
		return nil
	}
	table := ui.NewTable("namespace", "label", "pods", "in the mesh")
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
