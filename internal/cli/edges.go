package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

func newEdgesCmd(env *Env) *cobra.Command {
	var flags trafficFlags
	var output ui.Format
	var insecure bool
	cmd := &cobra.Command{
		Use:   "edges",
		Short: "Show who calls whom, and whether by mutual TLS",
		Long: `Show who calls whom, and whether by mutual TLS, by the metrics that proxies count
and Prometheus keeps.

An edge is secured if all of its traffic was under mutual TLS. The identity is the
caller's, proved by its certificate; -o json has that of the other end too. Through
a waypoint there are an edge of requests and two tunnels: to the waypoint, and from
it, with the bytes of the same requests.`,
		Example: `  meshctl edges -n bookinfo
  meshctl edges --insecure --duration 1h
  meshctl edges -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.once(cmd.Context(), env, env.Global.Namespace, func(ctx context.Context, seen look) error {
				view := newEdgesView(seen.Picture, insecure)
				if err := ui.Print(env.IO.Stdout(), output, view); err != nil {
					return err
				}
				seen.explainSilence(ctx, env, len(seen.Edges))
				if len(seen.Edges) > 0 && len(view.Edges) == 0 && !env.Global.Quiet {
					ui.Hint(env.IO.Stderr(), "all traffic of which it is known was under mutual TLS")
				}
				return nil
			})
		},
	}
	flags.bind(cmd.Flags())
	cmd.Flags().BoolVar(&insecure, "insecure", false, "only edges with traffic that is not under mutual TLS")
	cmd.Flags().VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

// edgesView is who calls whom.
type edgesView struct {
	Edges []edgeView `json:"edges"`

	edges []traffic.Edge
}

type edgeView struct {
	From         traffic.Workload `json:"from"`
	To           traffic.Workload `json:"to"`
	Service      string           `json:"service"`
	Protocol     string           `json:"protocol"`
	Hop          traffic.Hop      `json:"hop,omitempty"`
	Secured      *float64         `json:"secured,omitempty"`
	FromIdentity string           `json:"fromIdentity,omitempty"`
	ToIdentity   string           `json:"toIdentity,omitempty"`
	figures
}

func newEdgesView(picture traffic.Picture, insecure bool) edgesView {
	view := edgesView{Edges: []edgeView{}}
	for _, edge := range picture.Edges {
		if insecure && (!edge.SecurityKnown || edge.Secured == 1) {
			continue
		}
		view.edges = append(view.edges, edge)
		view.Edges = append(view.Edges, edgeViewOf(edge))
	}
	return view
}

func edgeViewOf(edge traffic.Edge) edgeView {
	view := edgeView{
		From: edge.From, To: edge.To, Service: edge.Service, Protocol: edge.Protocol, Hop: edge.Hop,
		FromIdentity: edge.FromIdentity, ToIdentity: edge.ToIdentity, figures: figuresOf(edge.Numbers),
	}
	if edge.SecurityKnown {
		view.Secured = &edge.Secured
	}
	return view
}

// Kind names the view in JSON and YAML.
func (edgesView) Kind() string { return "TrafficEdges" }

// Text writes the edges for people.
func (v edgesView) Text(w ui.Writer) error {
	if len(v.edges) == 0 {
		return nil
	}
	table := ui.NewTable("from", "to", "through", "protocol", "mtls", "identity", "rate")
	table.Right = []string{"rate"}
	for _, edge := range v.edges {
		table.Cells(
			plainOrMuted(edge.From.String(), w.Theme), ui.Cell{Text: edge.To.String()}, ui.Cell{Text: shortService(edge)},
			ui.Cell{Text: protocolText(edge)}, securedCell(edge, w.Theme),
			plainOrMuted(orDot(shortIdentity(edge.FromIdentity)), w.Theme), plainOrMuted(edgeRate(edge), w.Theme),
		)
	}
	return table.Print(w)
}

// protocolText calls the way to a waypoint, and from it, a tunnel.
func protocolText(edge traffic.Edge) string {
	if edge.Hop != traffic.NoHop {
		return "tunnel"
	}
	return edge.Protocol
}

// shortService leaves out what every service of the cluster ends in.
func shortService(edge traffic.Edge) string {
	short, _, _ := strings.Cut(edge.Service, ".svc.")
	if edge.To.Known() {
		short = strings.TrimSuffix(short, "."+edge.To.Namespace)
	}
	return orDot(short)
}

// shortIdentity is ns/name of a service account; identities of another form stay as they are.
func shortIdentity(identity string) string {
	_, account, ok := strings.Cut(identity, "/ns/")
	if !ok {
		return identity
	}
	return strings.Replace(account, "/sa/", "/", 1)
}

func securedCell(edge traffic.Edge, theme ui.Theme) ui.Cell {
	switch {
	case !edge.SecurityKnown:
		return theme.Muted.Cell("?")
	case edge.Secured == 1:
		return theme.Success.Cell("yes")
	case edge.Secured == 0:
		return theme.Danger.Cell("no")
	}
	return theme.Warning.Cell(shareText(edge.Secured))
}

// edgeRate is in requests where there are any, in bytes otherwise.
func edgeRate(edge traffic.Edge) string {
	if edge.RPS > 0 {
		return rateText(edge.RPS) + "/s"
	}
	return bytesText(edge.Sent + edge.Received)
}

func countText(n int) string {
	if n == 0 {
		return noFigure
	}
	return strconv.Itoa(n)
}
