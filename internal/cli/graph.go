package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/traffic/graph"
	"github.com/meshctl/meshctl/internal/ui"
)

// graphWriters are the formats of graphs.
func graphWriters() map[string]func(io.Writer, graph.Graph) error {
	plain := func(write func(io.Writer, graph.Graph)) func(io.Writer, graph.Graph) error {
		return func(w io.Writer, g graph.Graph) error {
			write(w, g)
			return nil
		}
	}
	return map[string]func(io.Writer, graph.Graph) error{
		"text": plain(graph.WriteText), "dot": plain(graph.WriteDOT), "mermaid": plain(graph.WriteMermaid), "html": graph.WriteHTML,
		ui.JSON: enveloped(ui.JSON), ui.YAML: enveloped(ui.YAML),
	}
}

// enveloped writes the graph for programs.
func enveloped(format string) func(io.Writer, graph.Graph) error {
	return func(w io.Writer, g graph.Graph) error {
		return ui.Print(ui.Plain(w), ui.NewFormat(format), graphView{Graph: g})
	}
}

// graphView is the graph as programs read it.
type graphView struct{ graph.Graph }

// Kind names the view in JSON and YAML.
func (graphView) Kind() string { return "ServiceGraph" }

// Text writes the graph for people.
func (v graphView) Text(w ui.Writer) error {
	graph.WriteText(w, v.Graph)
	return nil
}

func newGraphCmd(env *Env) *cobra.Command {
	var flags trafficFlags
	var output string
	formats := slices.Sorted(maps.Keys(graphWriters()))
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Draw who calls whom",
		Long: `Draw who calls whom, how often and how well, by the metrics that proxies count
and Prometheus keeps: the service graph.

As text it is a tree; dot is for Graphviz, mermaid for pages of Markdown, json and
yaml for programs, and html a page by itself. 'meshctl dashboard graph' shows that page and keeps it up to date.`,
		Example: `  meshctl graph -n bookinfo
  meshctl graph -o dot | dot -Tsvg > mesh.svg
  meshctl graph --duration 1h -o html > mesh.html`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, known := graphWriters()[output]
			if !known {
				return usageErrorf("-o %s: it can be %s", output, strings.Join(formats, ", "))
			}
			return flags.once(cmd.Context(), env, env.Global.Namespace, func(ctx context.Context, seen look) error {
				var drawn bytes.Buffer
				if err := write(&drawn, graph.Of(seen.Picture, env.Global.Namespace)); err != nil {
					return err
				}
				if _, err := env.IO.Out.Write(drawn.Bytes()); err != nil {
					return fmt.Errorf("writing the graph: %w", err)
				}
				seen.explainSilence(ctx, env, len(seen.Edges))
				return nil
			})
		},
	}
	flags.bind(cmd.Flags())
	cmd.Flags().StringVarP(&output, "output", "o", "text", "`format`: "+strings.Join(formats, ", "))
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
