package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/ui"
)

const dashboardLong = `Open the web pages of an add-on of the mesh.

The pages appear at a local port that leads to a ready pod behind the add-on's
Service: the port of the pod if it is free here, else another. The command stays
until Ctrl-C, and when the pod is replaced it moves to the next one at the same
address. The URL goes to stdout.`

type dashboardOptions struct {
	port    int
	address string
	browser bool
	output  ui.Format
}

func newDashboardCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "dashboard",
		Aliases: []string{"dash", "d"},
		Short:   "Open the web pages of an add-on",
		Long:    dashboardLong,
		Example: `  meshctl dashboard grafana

  # on a machine without a browser, for others to look at
  meshctl dashboard prometheus --address 0.0.0.0 --port 9999 --browser=false`,
	}
	var o dashboardOptions
	// One set of flags for all: only one of these commands runs.
	flags := o.flags()
	for _, d := range dashboard.All() {
		child := &cobra.Command{
			Use:     d.Name,
			Short:   "Open the web pages of " + d.Title,
			Long:    strings.Replace(dashboardLong, "an add-on of the mesh", d.Title, 1),
			Example: fmt.Sprintf("  meshctl dashboard %[1]s\n\n  # in another namespace than that of the control plane\n  meshctl dashboard %[1]s -n monitoring", d.Name),
			Args:    noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				// Who wants JSON is a program, unless it says otherwise.
				if !cmd.Flags().Changed("browser") {
					o.browser = o.output.Is(ui.Text)
				}
				return runDashboard(cmd.Context(), env, d, o)
			},
		}
		child.Flags().AddFlagSet(flags)
		cmd.AddCommand(child)
	}
	return cmd
}

func (o *dashboardOptions) flags() *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.IntVarP(&o.port, "port", "p", 0, "local `port`; without it that of the pod, or another if that is not free")
	flags.StringVar(&o.address, "address", "localhost", "localhost, or the `IP` address to listen on")
	flags.BoolVar(&o.browser, "browser", true, "open the URL in a browser; with -o json or yaml only if asked for")
	flags.VarP(&o.output, "output", "o", "text, json or yaml")
	return flags
}

func (o *dashboardOptions) validate() error {
	if _, err := netip.ParseAddr(o.address); err != nil && o.address != "localhost" {
		return usageErrorf("invalid value %q for --address: must be localhost or an IP address", o.address)
	}
	if o.port < 0 || o.port > 65535 {
		return usageErrorf("invalid value %d for --port: must be between 0 and 65535", o.port)
	}
	return nil
}

func runDashboard(ctx context.Context, env *Env, d dashboard.Dashboard, o dashboardOptions) error {
	if err := o.validate(); err != nil {
		return err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	story := &dashboardStory{env: env, dashboard: d}
	session, err := dashboard.Open(ctx, d, dashboard.Options{
		Namespace: cmp.Or(env.Global.Namespace, env.Global.IstioNamespace),
		Address:   o.address,
		Port:      o.port,
		Notify:    story.tell,
	}, forwarder{cluster})
	if err != nil {
		return err
	}
	story.begin(session)
	if err := ui.Print(env.IO.Stdout(), o.output, dashboardView{Name: d.Name, Namespace: session.Pod.Namespace, URL: session.URL}); err != nil {
		return err
	}
	if o.browser {
		// Some browsers stay in the foreground until they are closed.
		go story.browse(session.URL)
	}
	// Ctrl-C is how a session ends, so it is no error.
	return session.Wait(ctx)
}

// forwarder is a cluster as dashboards see it.
type forwarder struct{ *kube.Cluster }

// Forward implements dashboard.Cluster.
func (f forwarder) Forward(ctx context.Context, target dashboard.Target) (dashboard.Forward, error) {
	forward, err := f.Cluster.Forward(ctx, kube.ForwardOptions(target))
	if err != nil {
		return nil, err
	}
	return forward, nil
}
