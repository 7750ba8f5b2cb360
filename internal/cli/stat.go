package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

const statArgs = "[deploy | svc | ns]"

func newStatCmd(env *Env) *cobra.Command {
	var flags trafficFlags
	var output ui.Format
	cmd := &cobra.Command{
		Use:   "stat " + statArgs,
		Short: "Show how often, how well and how fast workloads answer",
		Long: `Show how often, how well and how fast workloads, services or namespaces answer,
by the metrics that proxies count and Prometheus keeps.

Success is the share of requests that are not the server's fault: no HTTP code
from 500 on, and no status of gRPC that means the same. Each request counts once,
although both of its sides report it. TCP in is what clients sent.`,
		Example: `  meshctl stat
  meshctl stat svc -n bookinfo --duration 10m
  meshctl stat ns -o json --prometheus-url http://localhost:9090`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{string(traffic.ByWorkload), string(traffic.ByService), string(traffic.ByNamespace)},
		RunE: func(cmd *cobra.Command, args []string) error {
			by, err := parseBy(args)
			if err != nil {
				return err
			}
			return flags.once(cmd.Context(), env, env.Global.Namespace, func(ctx context.Context, seen look) error {
				view := statView{By: by, rows: seen.Stat(by, env.Global.Namespace)}
				if err := ui.Print(env.IO.Stdout(), output, view.complete()); err != nil {
					return err
				}
				seen.explainSilence(ctx, env, len(view.rows))
				seen.hintLost(env, by)
				return nil
			})
		},
	}
	flags.bind(cmd.Flags())
	cmd.Flags().VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

// parseBy reads what to have rows for, in the words of kubectl.
func parseBy(args []string) (traffic.By, error) {
	if len(args) == 0 {
		return traffic.ByWorkload, nil
	}
	for by, words := range map[traffic.By][]string{
		traffic.ByWorkload:  {"deploy", "deployment", "deployments", "workload", "workloads"},
		traffic.ByService:   {"svc", "service", "services"},
		traffic.ByNamespace: {"ns", "namespace", "namespaces"},
	} {
		if slices.Contains(words, strings.ToLower(args[0])) {
			return by, nil
		}
	}
	return "", usageErrorf("%s: there are figures of deploy, svc and ns", args[0])
}

// statView is a table of figures.
type statView struct {
	By   traffic.By `json:"by"`
	Rows []statRow  `json:"rows"`

	rows []traffic.Row
}

type statRow struct {
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	Clients   int    `json:"clients"`
	figures
}

// complete makes the rows that programs read.
func (v statView) complete() statView {
	v.Rows = make([]statRow, len(v.rows))
	for i, row := range v.rows {
		v.Rows[i] = statRow{Namespace: row.Namespace, Name: row.Name, Clients: row.Clients, figures: figuresOf(row.Numbers)}
	}
	return v
}

// Kind names the view in JSON and YAML.
func (statView) Kind() string { return "TrafficStat" }

// Text writes the table for people.
func (v statView) Text(w ui.Writer) error {
	columns := []string{"namespace", "name", "clients"}
	if v.By == traffic.ByNamespace {
		columns = []string{"namespace", "clients"}
	}
	if len(v.rows) == 0 {
		return nil
	}
	table := ui.NewTable(append(columns, numberColumns()...)...)
	table.Right = append(numberColumns(), "clients")
	table.Optional = []string{"clients", "p50", "tcp out", "tcp in", "p95"}
	for _, row := range v.rows {
		cells := []ui.Cell{plainOrMuted(orDot(row.Namespace), w.Theme)}
		if v.By != traffic.ByNamespace {
			cells = append(cells, ui.Cell{Text: row.Name})
		}
		cells = append(cells, plainOrMuted(countText(row.Clients), w.Theme))
		table.Cells(append(cells, numberCells(row.Numbers, w.Theme)...)...)
	}
	return table.Print(w)
}
