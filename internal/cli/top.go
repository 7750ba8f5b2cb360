package cli

import (
	"cmp"
	"context"
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
	output   ui.Format
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

It goes on until Ctrl-C, also while Prometheus does not answer for a time. In a
pipe one table follows the other.`,
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
	flags.VarP(&o.output, "output", "o", "format of the answer: text, json or yaml; one for each look")
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
	patience := newPatience(env, "ask", "looking for it in the cluster")
	defer patience.end()
	source, err := o.open(ctx, env)
	if err != nil {
		return err
	}
	screen := ui.NewScreen(env.IO)
	defer screen.Close()
	show := o.printer(env, screen)
	ticks := time.NewTicker(o.interval)
	defer ticks.Stop()
	var view topView
	for looks := 1; ; looks++ {
		picture, err := traffic.Read(ctx, source, o.options(env, env.Global.Namespace))
		patience.end()
		switch {
		case ctx.Err() != nil:
			return nil // Ctrl-C is how this ends
		case err != nil && looks == 1:
			return err
		case err != nil:
			view.problem = err // it may be over by the next look
		default:
			view = newTopView(picture, by, env.Global.Namespace, o.sort)
			slices.SortStableFunc(view.rows, order)
		}
		if err := show(view); err != nil || looks == o.count {
			return err
		}
		if err := o.pause(ctx, ticks.C, source.lost, screen.Resized, func() error { return show(view) }); err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// pause waits for the next look. A window of another size gets the same table anew.
func (o *topOptions) pause(ctx context.Context, next <-chan time.Time, lost <-chan error, resized func() bool, again func() error) error {
	const glance = 200 * time.Millisecond
	glances := time.NewTicker(glance)
	defer glances.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next:
			return nil
		case err := <-lost:
			return err
		case <-glances.C:
			if !resized() {
				continue
			}
			if err := again(); err != nil {
				return err
			}
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
