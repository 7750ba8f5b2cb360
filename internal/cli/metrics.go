package cli

import (
	"strings"

	"github.com/spf13/cobra"

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
namespace behind it or in -n, those of this name in all namespaces count together.`,
		Example: `  meshctl metrics productpage-v1
  meshctl metrics reviews-v1.bookinfo reviews-v3.bookinfo --duration 10m`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			picture, err := flags.once(cmd.Context(), env)
			if err != nil {
				return err
			}
			view := metricsView{}
			silent := 0
			for _, arg := range args {
				name, namespace, both := strings.Cut(arg, ".")
				if !both {
					namespace = env.Global.Namespace
				}
				numbers, found := picture.Into(namespace, name)
				if !found {
					silent++
				}
				view.Workloads = append(view.Workloads, workloadMetrics{Workload: arg, figures: figuresOf(numbers), numbers: numbers})
			}
			if err := ui.Print(env.IO.Stdout(), output, view); err != nil {
				return err
			}
			if silent > 0 && !env.Global.Quiet {
				ui.Hint(env.IO.Stderr(), "a workload without figures had no traffic in the last "+ui.Duration(flags.window)+
					", or has another name; '"+env.program()+" stat' lists those that had")
			}
			return nil
		},
	}
	flags.bind(cmd.Flags())
	cmd.Flags().VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
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
	table := ui.NewTable("workload", "total rps", "error rps", "p50", "p90", "p99")
	for _, row := range v.Workloads {
		n := row.numbers
		table.Cells(
			ui.Cell{Text: row.Workload}, plainOrMuted(rateText(n.RPS), w.Theme), plainOrMuted(rateText(n.Failed), w.Theme),
			plainOrMuted(quantileText(n, 0.5), w.Theme), plainOrMuted(quantileText(n, 0.9), w.Theme), plainOrMuted(quantileText(n, 0.99), w.Theme),
		)
	}
	return table.Print(w)
}
