package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

func newProfileCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Look at the configuration profiles",
	}
	cmd.AddCommand(newProfileListCmd(env), newProfileShowCmd(env), newProfileDiffCmd(env))
	return cmd
}

func newProfileListCmd(env *Env) *cobra.Command {
	var output ui.Format
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in profiles",
		Example: `  meshctl profile list
  meshctl profile list -o json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			summaries, err := profiles.List(env.Assets)
			if err != nil {
				return err
			}
			return ui.Print(env.IO.Stdout(), output, profileListView{Profiles: summaries})
		},
	}
	cmd.Flags().VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

// profileListView is the list of profiles as users see it.
type profileListView struct {
	Profiles []profiles.Summary `json:"profiles"`
}

// Kind names the view in JSON and YAML.
func (profileListView) Kind() string { return "ProfileList" }

// Text writes the list for people.
func (v profileListView) Text(w ui.Writer) error {
	table := ui.NewTable("profile", "description", "components")
	for _, p := range v.Profiles {
		components := make([]string, len(p.Components))
		for i, kind := range p.Components {
			components[i] = string(kind)
		}
		table.Row(p.Name, p.Description, strings.Join(components, ", "))
	}
	return table.Print(w)
}

type profileShowOptions struct {
	config  configFlags
	origins bool
}

func newProfileShowCmd(env *Env) *cobra.Command {
	var o profileShowOptions
	cmd := &cobra.Command{
		Use:     "show [NAME|FILE]",
		Aliases: []string{"dump"},
		Short:   "Print every setting that a profile comes to",
		Long: `Print every setting that a profile comes to, as an IstioOperator file.

With files and --set the result is what an install with the same arguments
would use. --origins says behind each value where it comes from.`,
		Example: `  meshctl profile show demo
  meshctl profile show ocne --origins
  meshctl profile show ./mine.yaml
  meshctl profile show -f mesh.yaml --set values.pilot.traceSampling=10 --origins`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return profileNames(env), cobra.ShellCompDirectiveDefault
		},
		RunE: func(_ *cobra.Command, args []string) error { return runProfileShow(env, o, args) },
	}
	o.config.bind(env, cmd)
	cmd.Flags().BoolVar(&o.origins, "origins", false, "say behind each value where it comes from")
	return cmd
}

func runProfileShow(env *Env, o profileShowOptions, args []string) error {
	if len(args) > 0 {
		if o.config.profile != "" {
			return usageErrorf("the profile is named twice: %q and --profile %s", args[0], o.config.profile)
		}
		o.config.profile = args[0]
	}
	config, assets, err := o.config.load(env)
	if err != nil {
		return err
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return err
	}
	env.warnAll(mesh.Warnings)
	text, err := mesh.YAML(o.origins)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(env.IO.Out, string(text))
	return err
}
