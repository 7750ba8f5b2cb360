package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

type topOptions struct {
	trafficFlags
	interval time.Duration
	count    int
	sort     string
}

// The orders that top knows.
const (
	topByRate    = "rps"
	topByFailure = "success"
	topByLatency = "p95"
)

func newTopCmd(env *Env) *cobra.Command {
	var o topOptions
	cmd := &cobra.Command{
		Use:   "top " + statArgs,
		Short: "Watch the busiest, the worst or the slowest workloads",
		Long: `Watch how often, how well and how fast workloads, services or namespaces answer:
the table of 'meshctl stat', anew every few seconds, with the first at the top.

It goes on until Ctrl-C. In a pipe one table follows the other.`,
		Example: `  meshctl top
  meshctl top svc --sort success
  meshctl top -n bookinfo --interval 1s --count 10`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{string(traffic.ByWorkload), string(traffic.ByService), string(traffic.ByNamespace)},
		RunE: func(cmd *cobra.Command, args []string) error {
			by, err := parseBy(args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context(), env, by)
		},
	}
	const standard = 5 * time.Second
	flags := cmd.Flags()
	o.bind(flags)
	flags.DurationVar(&o.interval, "interval", standard, "time between two looks")
	flags.IntVar(&o.count, "count", 0, "how often to look; 0 is until Ctrl-C")
	flags.StringVar(&o.sort, "sort", topByRate, "what comes first: the highest `rps`, the lowest success or the highest p95")
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions([]string{topByRate, topByFailure, topByLatency}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (o *topOptions) run(ctx context.Context, env *Env, by traffic.By) error {
	const shortest = 100 * time.Millisecond
	order, err := topOrder(o.sort)
	if err != nil {
		return err
	}
	if o.interval < shortest {
		return usageErrorf("--interval %s: it has to be %s or longer", o.interval, shortest)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	source, err := o.open(ctx, env)
	if err != nil {
		return err
	}
	screen := ui.NewScreen(env.IO)
	ticks := time.NewTicker(o.interval)
	defer ticks.Stop()
	for looks := 1; ; looks++ {
		picture, err := o.read(ctx, env, source)
		switch {
		case ctx.Err() != nil:
			return nil // Ctrl-C is how this ends
		case err != nil:
			return err
		}
		view := topView{statView: statView{By: by, rows: picture.Stat(by, env.Global.Namespace)}, at: picture.At, window: picture.Window}
		slices.SortStableFunc(view.rows, order)
		if err := screen.Show(view.Text); err != nil {
			return err
		}
		if looks == o.count {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// topOrder compares rows so that the one to look at comes first.
func topOrder(name string) (func(a, b traffic.Row) int, error) {
	switch name {
	case topByRate:
		return func(a, b traffic.Row) int {
			return cmp.Or(cmp.Compare(b.RPS, a.RPS), cmp.Compare(b.Sent+b.Received, a.Sent+a.Received))
		}, nil
	case topByFailure:
		return func(a, b traffic.Row) int { return cmp.Compare(failing(b), failing(a)) }, nil
	case topByLatency:
		return func(a, b traffic.Row) int {
			slowA, _ := a.Latency.Quantile(0.95)
			slowB, _ := b.Latency.Quantile(0.95)
			return cmp.Compare(slowB, slowA)
		}, nil
	}
	return nil, usageErrorf("--sort %s: it can be %s, %s or %s", name, topByRate, topByFailure, topByLatency)
}

// failing is the share of requests that fail; rows without requests come last.
func failing(row traffic.Row) float64 {
	share, ok := row.Success()
	if !ok {
		return -1
	}
	return 1 - share
}

// topView is a table of figures with the time at which it was true.
type topView struct {
	statView
	at     time.Time
	window time.Duration
}

// Text writes the table for people.
func (v topView) Text(w ui.Writer) error {
	fmt.Fprintf(w, "%s, over %s\n", v.at.Format(time.TimeOnly), ui.Duration(v.window))
	if len(v.rows) == 0 {
		fmt.Fprintln(w, "no traffic")
		return nil
	}
	return v.statView.Text(w)
}
