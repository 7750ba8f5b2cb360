package cli

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

const dashboardLong = `Open the web pages of the mesh and its add-ons.

The pages appear at a local port that leads to a ready pod behind the Service:
the port of the pod if it is free here, else another. Without -n the dashboard is
looked for in the namespace of the control plane, and then in all others. The
command stays until Ctrl-C. When the pod is replaced or the connection breaks it
goes on with the next ready pod at the same address, and gives up when none has
come for the time of --reconnect-timeout.

Several names open several dashboards, and --all those that are installed, with
a page that lists them and how they are doing.

The URL goes to stdout, as soon as it works; with -o json in an object. The
command then stays, because a URL to which nobody forwards leads nowhere:
programs read stdout and send SIGINT or SIGTERM when they are done.`

type dashboardOptions struct {
	port      int
	address   string
	browser   bool
	urlOnly   bool
	output    ui.Format
	service   string
	selector  string
	uiPort    int
	path      string
	scheme    string
	query     string
	all       bool
	reconnect time.Duration
}

func newDashboardCmd(env *Env) *cobra.Command {
	var o dashboardOptions
	flags := o.flags()
	cmd := &cobra.Command{
		Use:     "dashboard",
		Aliases: []string{"dash", "d"},
		Short:   "Open the web pages of the mesh and its add-ons",
		Long:    dashboardLong,
		Example: `  meshctl dashboard grafana

  # three at once, and a page that lists them
  meshctl dashboard grafana prometheus kiali

  # on a machine without a browser, for others to look at
  meshctl dashboard prometheus --address 0.0.0.0 --port 9999 --browser=false

  # for a script: read the URL, and end it when done
  meshctl dashboard --all --url-only -o json`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !o.all {
				return cmd.Help()
			}
			return o.run(cmd, env, dashboardRequest{several: allDashboards(env)})
		},
	}
	cmd.Flags().AddFlagSet(flags)
	cmd.Flags().BoolVar(&o.all, "all", false, "open all that are installed, and a page that lists them")
	// One set of flags for all: only one of these commands runs.
	for _, d := range dashboards(env) {
		cmd.AddCommand(newDashboardChild(env, d, &o, flags))
	}
	return cmd
}

func newDashboardChild(env *Env, d dashboard.Dashboard, o *dashboardOptions, flags *pflag.FlagSet) *cobra.Command {
	child := &cobra.Command{
		Use:     d.Name + dashboardUsage(d),
		Aliases: d.Aliases,
		Short:   "Open " + d.Title + ": " + d.Summary,
		Long:    dashboardChildLong(d),
		Example: dashboardExample(d),
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			request, err := readDashboardRequest(env, d, args, *o)
			if err != nil {
				return err
			}
			return o.run(cmd, env, request)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return dashboardWords(env, d, args), cobra.ShellCompDirectiveNoFileComp
		},
	}
	child.Flags().AddFlagSet(flags)
	if slices.ContainsFunc(d.Pages, func(p dashboard.Page) bool { return p.Of == dashboard.Query }) {
		child.Flags().StringVar(&o.query, "query", "", "open the page with the graph of a PromQL `expression`")
	}
	return child
}

func (o *dashboardOptions) flags() *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.IntVarP(&o.port, "port", "p", 0, "local `port`; without it that of the pod, or another if that is not free; of several, the one of the page that lists them")
	flags.StringVar(&o.address, "address", "localhost", "localhost, or the `IP` address to listen on")
	flags.BoolVar(&o.browser, "browser", true, "open the URL in a browser; with -o json or yaml only if asked for")
	flags.BoolVar(&o.urlOnly, "url-only", false, "print the URL and nothing else, and open no browser; forwards until interrupted")
	flags.VarP(&o.output, "output", "o", "text, json or yaml")
	flags.StringVar(&o.service, "service", "", "the Service, as `NAMESPACE/NAME` or NAME")
	flags.StringVarP(&o.selector, "selector", "l", "", "find the Service, or pods, by these `labels`")
	flags.IntVar(&o.uiPort, "ui-port", 0, "`port` of the pod that has the pages; without it the one that the Service leads to")
	flags.StringVar(&o.path, "path", "", "`path` below which the pages are, such as /grafana; without it that is found out")
	flags.StringVar(&o.scheme, "scheme", "", "http or https, if what is found out is wrong")
	flags.DurationVar(&o.reconnect, "reconnect-timeout", 5*time.Minute, "how long to look for a ready pod after one was lost")
	return flags
}

func (o *dashboardOptions) validate() error {
	if _, err := netip.ParseAddr(o.address); err != nil && o.address != "localhost" {
		return usageErrorf("invalid value %q for --address: must be localhost or an IP address", o.address)
	}
	for flag, port := range map[string]int{"port": o.port, "ui-port": o.uiPort} {
		if port < 0 || port > 65535 {
			return usageErrorf("invalid value %d for --%s: must be between 0 and 65535", port, flag)
		}
	}
	if o.scheme != "" && o.scheme != "http" && o.scheme != "https" {
		return usageErrorf("invalid value %q for --scheme: must be http or https", o.scheme)
	}
	if o.path != "" && !strings.HasPrefix(o.path, "/") {
		return usageErrorf("invalid value %q for --path: must start with /", o.path)
	}
	if o.reconnect <= 0 {
		return usageErrorf("invalid value %q for --reconnect-timeout: must be more than 0", o.reconnect)
	}
	return nil
}

// run opens what was asked for.
func (o *dashboardOptions) run(cmd *cobra.Command, env *Env, request dashboardRequest) error {
	if err := o.validate(); err != nil {
		return err
	}
	if len(request.several) > 0 {
		if err := o.forOne(); err != nil {
			return err
		}
	}
	// Who wants JSON is a program, unless it says otherwise.
	if !cmd.Flags().Changed("browser") {
		o.browser = o.output.Is(ui.Text)
	}
	o.browser = o.browser && !o.urlOnly
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	if len(request.several) > 0 {
		return dashboardError(runDashboards(cmd.Context(), env, cluster, request.several, *o))
	}
	return dashboardError(runDashboard(cmd.Context(), env, cluster, request, *o))
}

// forwarder is a cluster as dashboards see it.
type forwarder struct{ *kube.Cluster }

// Tunnel implements dashboard.Cluster.
func (f forwarder) Tunnel(ctx context.Context, pod object.Ref, port int) (dashboard.Tunnel, error) {
	tunnel, err := f.Cluster.Tunnel(ctx, pod, port)
	if err != nil {
		return nil, err
	}
	return tunnel, nil
}
