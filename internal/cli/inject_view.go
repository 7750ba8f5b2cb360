package cli

import (
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/ui"
)

// injectReport tells what became of the workloads.
type injectReport struct {
	manifests manifestFiles
	// native says whether proxies are native sidecars, and why.
	native string
	// check is set when nothing is written.
	check bool
}

// print writes a line for each workload, and a sum.
func (r injectReport) print(w ui.Writer) error {
	table := ui.NewTable("workload", "proxy", "why")
	injected, same, left, others := 0, 0, 0, 0
	for _, m := range r.manifests {
		for _, o := range m.outcomes {
			var what string
			why := o.Reason
			switch {
			case !o.Workload:
				others++
				continue
			case !o.Inject:
				left++
				what = "none"
			case !o.Changed:
				same++
				what, why = "there", "it was injected before"
			default:
				injected++
				what = r.added(o)
			}
			table.Row(o.Ref.String(), what, why)
			printWarnings(w, o)
		}
	}
	if table.Len() > 0 {
		if err := table.Print(w); err != nil {
			return err
		}
	}
	verb := "injected"
	if r.check {
		verb = "to inject"
	}
	printSums(w, sum{injected, verb}, sum{same, "injected before"}, sum{left, "left alone"}, sum{others, "not concerned"})
	if injected > 0 {
		fmt.Fprintln(w, "native sidecars: "+r.native)
	}
	return nil
}

func printWarnings(w ui.Writer, o inject.Outcome) {
	for _, warning := range o.Warnings {
		ui.Warning(w, fmt.Sprintf("%s: %s", o.Ref, warning))
	}
}

// sum is how many objects one thing became of.
type sum struct {
	n    int
	what string
}

// printSums writes what became of all objects. The first is said even if it is zero.
func printSums(w ui.Writer, sums ...sum) {
	var texts []string
	for i, s := range sums {
		if i == 0 || s.n > 0 {
			texts = append(texts, fmt.Sprintf("%d %s", s.n, s.what))
		}
	}
	fmt.Fprintln(w, strings.Join(texts, ", "))
}

// added names the containers that a workload got.
func (r injectReport) added(o inject.Outcome) string {
	switch {
	case len(o.Added) == 0 && r.check:
		return "outdated"
	case len(o.Added) == 0:
		return "updated"
	case r.check:
		return "missing: " + strings.Join(o.Added, ", ")
	}
	return "added: " + strings.Join(o.Added, ", ")
}

// uninjectReport tells which workloads have no proxy any more.
type uninjectReport struct{ manifests manifestFiles }

func (r uninjectReport) print(w ui.Writer) error {
	table := ui.NewTable("workload", "proxy")
	removed, left, others := 0, 0, 0
	for _, m := range r.manifests {
		for _, o := range m.outcomes {
			switch {
			case !o.Workload:
				others++
			case !o.Inject:
				left++
				table.Row(o.Ref.String(), "none")
			default:
				removed++
				table.Row(o.Ref.String(), "removed: "+strings.Join(o.Removed, ", "))
			}
			printWarnings(w, o)
		}
	}
	if table.Len() > 0 {
		if err := table.Print(w); err != nil {
			return err
		}
	}
	printSums(w, sum{removed, "uninjected"}, sum{left, "not injected"}, sum{others, "not concerned"})
	return nil
}
