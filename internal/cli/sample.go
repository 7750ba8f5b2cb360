package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/samples"
	"github.com/meshctl/meshctl/internal/ui"
)

// samplesNamespace is where samples go unless somebody says otherwise. They are
// together there, so that they find each other by short names.
const samplesNamespace = "samples"

func newSampleCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sample",
		Aliases: []string{"samples"},
		Short:   "Try the mesh with applications and examples",
		Long: `Try the mesh with applications and examples.

Applications are there to have some traffic; examples change what the mesh does
with it: shift it to another version, make answers late, break circuits. Each is
installed and removed like the mesh itself, by a plan and with a record, and
says what there is to see.`,
	}
	cmd.AddCommand(newSampleListCmd(env), newSampleShowCmd(env), newSampleInstallCmd(env), newSampleUninstallCmd(env))
	return cmd
}

func newSampleListCmd(env *Env) *cobra.Command {
	var output ui.Format
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the applications and examples",
		Example: `  meshctl sample list
  meshctl sample list -o json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := samples.List(env.Assets)
			if err != nil {
				return err
			}
			view := sampleListView{Samples: make([]sampleView, len(all))}
			for i, sample := range all {
				view.Samples[i] = sampleView{Name: sample.Name, Sample: sample}
			}
			return ui.Print(env.IO.Stdout(), output, view)
		},
	}
	cmd.Flags().VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

// sampleListView is the list of samples as users see it.
type sampleListView struct {
	Samples []sampleView `json:"samples"`
}

type sampleView struct {
	Name string `json:"name"`
	samples.Sample
}

// Kind names the view in JSON and YAML.
func (sampleListView) Kind() string { return "SampleList" }

// Text writes the list for people.
func (v sampleListView) Text(w ui.Writer) error {
	table := ui.NewTable("sample", "example of", "what it is")
	for _, sample := range v.Samples {
		of := w.Theme.Muted.Cell("·")
		if sample.IsExample() {
			of = ui.Cell{Text: sample.Of}
		}
		table.Cells(ui.Cell{Text: sample.Name}, of, ui.Cell{Text: sample.Title})
	}
	return table.Print(w)
}

func newSampleShowCmd(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print the manifests of a sample",
		Long: `Print the manifests of a sample, with what there is to see as comments.

They name no namespace, so that kubectl puts them where it is told to.`,
		Example: `  meshctl sample show traffic-shift
  meshctl sample show bookinfo | kubectl apply -n shop -f -

  # with other figures
  meshctl sample show traffic-shift | sed 's/90/50/; s/10/50/' | kubectl apply -n samples -f -`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeSamples(env),
		RunE: func(_ *cobra.Command, args []string) error {
			sample, err := samples.Get(env.Assets, args[0])
			if err != nil {
				return err
			}
			text, err := samples.Text(env.Assets, sample.Name)
			if err != nil {
				return err
			}
			w := env.IO.Stdout()
			fmt.Fprintf(w, "# %s\n#\n", sample.Title)
			for _, look := range sample.Look {
				words := lookWords(env, sampleNamespace(env))
				fmt.Fprintf(w, "#   %s\n#     %s\n", words.Replace(look.Do), words.Replace(look.See))
			}
			_, err = w.Write(append([]byte("\n"), text...))
			return err
		},
	}
}

// completeSamples completes the one argument that names a sample.
func completeSamples(env *Env) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		all, err := samples.List(env.Assets)
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		choices := make([]string, len(all))
		for i, sample := range all {
			choices[i] = sample.Name + "\t" + sample.Title
		}
		return choices, cobra.ShellCompDirectiveNoFileComp
	}
}

func sampleHints(e *samples.UnknownError) []string {
	if near := profiles.Near(e.Name, e.Known); len(near) > 0 {
		return []string{didYouMean(near)}
	}
	return []string{"there are " + strings.Join(e.Known, ", ")}
}
