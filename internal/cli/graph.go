package cli

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/traffic/graph"
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
	}
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

As text it is a tree; dot is for Graphviz, mermaid for pages of Markdown, and html
a page by itself. 'meshctl dashboard graph' shows that page and keeps it up to date.`,
		Example: `  meshctl graph -n bookinfo
  meshctl graph -o dot | dot -Tsvg > mesh.svg
  meshctl graph --duration 1h -o html > mesh.html`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, known := graphWriters()[output]
			if !known {
				return usageErrorf("-o %s: it can be %s", output, strings.Join(formats, ", "))
			}
			picture, err := flags.once(cmd.Context(), env)
			if err != nil {
				return err
			}
			var drawn bytes.Buffer
			if err := write(&drawn, graph.Of(picture, env.Global.Namespace)); err != nil {
				return err
			}
			if _, err := env.IO.Out.Write(drawn.Bytes()); err != nil {
				return fmt.Errorf("writing the graph: %w", err)
			}
			hintNoTraffic(env, picture, len(picture.Edges))
			return nil
		},
	}
	flags.bind(cmd.Flags())
	cmd.Flags().StringVarP(&output, "output", "o", "text", "`format`: "+strings.Join(formats, ", "))
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
