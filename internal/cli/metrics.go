package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

func newMetricsCmd(env *Env) *cobra.Command {
	var flags trafficFlags
	var output ui.Format
	cmd := &cobra.Command{
		Use:     "metrics WORKLOAD[.NAMESPACE]...",
		Aliases: []string{"m"},
		Short:   "Show the golden signals of workloads",
		Long: `Show the golden signals of workloads: requests, errors and latency, by the metrics
that proxies count and Prometheus keeps.

A workload is named as it is in metrics, such as productpage-v1. Without a
namespace behind it or in -n, those of this name in all namespaces count together.
A name that Prometheus has no metrics of is an error.`,
		Example: `  meshctl metrics productpage-v1
  meshctl metrics reviews-v1.bookinfo reviews-v3.bookinfo --duration 10m`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted := make([]traffic.Workload, len(args))
			for i, arg := range args {
				wanted[i] = workloadNamed(arg, env.Global.Namespace)
			}
			return flags.once(cmd.Context(), env, commonNamespace(wanted), func(ctx context.Context, seen look) error {
				return printMetrics(ctx, env, output, seen, args, wanted)
			})
		},
	}
	flags.bind(cmd.Flags())
	cmd.Flags().VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

// unknownWorkloadError is a name that Prometheus has no metrics of.
type unknownWorkloadError struct {
	name string
	near []string
}

func (e *unknownWorkloadError) Error() string {
	return "Prometheus has no metrics of a workload " + e.name
}

func unknownWorkloadHints(e *unknownWorkloadError) []string {
	if len(e.near) > 0 {
		return []string{didYouMean(e.near)}
	}
	return []string{"'meshctl stat' lists the workloads that answer; one without a proxy has no metrics, nor has one that was never asked"}
}

// workloadNamed reads NAME, NAME.NAMESPACE, and NAMESPACE/NAME as other tables have it.
func workloadNamed(arg, standard string) traffic.Workload {
	if namespace, name, ok := strings.Cut(arg, "/"); ok {
		return traffic.Workload{Namespace: namespace, Name: name}
	}
	// A namespace has no dot in it, a name can.
	if dot := strings.LastIndex(arg, "."); dot > 0 {
		return traffic.Workload{Namespace: arg[dot+1:], Name: arg[:dot]}
	}
	return traffic.Workload{Namespace: standard, Name: arg}
}

// printMetrics prints the workloads that there are, and returns what is wrong with the other names.
func printMetrics(ctx context.Context, env *Env, output ui.Format, seen look, args []string, all []traffic.Workload) error {
	view := metricsView{Workloads: []workloadMetrics{}}
	known := sync.OnceValues(func() ([]traffic.Workload, error) { return traffic.Known(ctx, seen.source, seen.At) })
	var problems []error
	var idle []string
	for i, wanted := range all {
		arg := args[i]
		numbers, found := seen.Into(wanted.Namespace, wanted.Name)
		if !found {
			there, err := known()
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(there, func(w traffic.Workload) bool { return isNamed(w, wanted) }) {
				problems = append(problems, &unknownWorkloadError{name: arg, near: nearWorkloads(arg, wanted, there)})
				continue
			}
			idle = append(idle, arg)
		}
		view.Workloads = append(view.Workloads, workloadMetrics{Workload: arg, figures: figuresOf(numbers), numbers: numbers})
	}
	if len(view.Workloads) > 0 || !output.Is(ui.Text) {
		if err := ui.Print(env.IO.Stdout(), output, view); err != nil {
			return err
		}
	}
	if len(idle) > 0 && !env.Global.Quiet {
		ui.Hint(env.IO.Stderr(), "nobody called "+strings.Join(idle, ", ")+" in the last "+traffic.Period(seen.Window)+"; --duration looks further back")
	}
	return errors.Join(problems...)
}

// commonNamespace is the one that all workloads are in; empty if there is none.
func commonNamespace(workloads []traffic.Workload) string {
	for _, w := range workloads {
		if w.Namespace != workloads[0].Namespace {
			return ""
		}
	}
	return workloads[0].Namespace
}

// isNamed tells whether a workload is meant, in any namespace if none is said.
func isNamed(w, wanted traffic.Workload) bool {
	return w.Name == wanted.Name && (wanted.Namespace == "" || w.Namespace == wanted.Namespace)
}

// nearWorkloads are what a name may have been meant to be: itself in another namespace, or one written nearly so.
func nearWorkloads(arg string, wanted traffic.Workload, all []traffic.Workload) []string {
	var near, names []string
	for _, w := range all {
		full := w.Name + "." + w.Namespace
		if w.Name == wanted.Name {
			near = append(near, full)
		}
		names = append(names, w.Name, full)
	}
	if len(near) > 0 {
		return near[:min(len(near), 3)]
	}
	slices.Sort(names)
	return profiles.Near(arg, slices.Compact(names))
}

// metricsView is the golden signals of some workloads.
type metricsView struct {
	Workloads []workloadMetrics `json:"workloads"`
}

type workloadMetrics struct {
	Workload string `json:"workload"`
	figures

	numbers traffic.Numbers
}

// Kind names the view in JSON and YAML.
func (metricsView) Kind() string { return "WorkloadMetrics" }

// Text writes the table for people.
func (v metricsView) Text(w ui.Writer) error {
	columns := []string{"workload", "total rps", "error rps", "p50", "p90", "p99"}
	table := ui.NewTable(columns...)
	table.Right = columns[1:]
	for _, row := range v.Workloads {
		n := row.numbers
		table.Cells(
			ui.Cell{Text: row.Workload}, plainOrMuted(rateText(n.RPS), w.Theme), plainOrMuted(failedText(n), w.Theme),
			plainOrMuted(quantileText(n, 0.5), w.Theme), plainOrMuted(quantileText(n, 0.9), w.Theme), plainOrMuted(quantileText(n, 0.99), w.Theme),
		)
	}
	return table.Print(w)
}
