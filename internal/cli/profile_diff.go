package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

func newProfileDiffCmd(env *Env) *cobra.Command {
	var (
		config configFlags
		output ui.Format
	)
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Show the settings in which two profiles or files differ",
		Long: `Show the settings in which two profiles differ, or a profile and a file, or two
files: + is only in the second, - only in the first, ~ is different.

Compared is what they come to, with the defaults of the charts. Exits with 1 if
there is a difference.`,
		Example: `  meshctl profile diff default demo
  meshctl profile diff demo ./mine.yaml
  meshctl profile diff old.yaml new.yaml -o json`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: completeTwoProfiles(env),
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfileDiff(env, config, output, args[0], args[1])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&config.manifests, "manifests", "d", "", "`directory` with charts/ and profiles/ to use instead of the built-in ones")
	flags.VarP(&output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

// completeTwoProfiles offers profiles, and leaves files to the shell.
func completeTwoProfiles(env *Env) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 1 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return profileNames(env), cobra.ShellCompDirectiveDefault
	}
}

func runProfileDiff(env *Env, config configFlags, output ui.Format, from, to string) error {
	before, err := settingsOf(env, config, from)
	if err != nil {
		return err
	}
	after, err := settingsOf(env, config, to)
	if err != nil {
		return err
	}
	view := profileDiffView{From: from, To: to, Changes: []plan.FieldChange{}}
	view.Changes = append(view.Changes, plan.Diff(before, after)...)
	if err := ui.Print(env.IO.Stdout(), output, view); err != nil {
		return err
	}
	if len(view.Changes) > 0 {
		return errDifferences
	}
	return nil
}

// settingsOf is what a profile comes to. Its own name is no setting.
func settingsOf(env *Env, flags configFlags, name string) (object.Object, error) {
	flags.profile = name
	config, assets, err := flags.load(env)
	if err != nil {
		return object.Object{}, err
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return object.Object{}, err
	}
	env.warnAll(slices.Clone(mesh.Warnings))
	spec := mesh.Spec()
	delete(spec, "profile")
	return object.New(spec, object.Source{}), nil
}

// profileDiffView is how two profiles differ, as users see it.
type profileDiffView struct {
	From    string             `json:"from"`
	To      string             `json:"to"`
	Changes []plan.FieldChange `json:"changes"`
}

// Kind names the view in JSON and YAML.
func (profileDiffView) Kind() string { return "ProfileDiff" }

// Text writes the differences for people.
func (v profileDiffView) Text(w ui.Writer) error {
	if len(v.Changes) == 0 {
		_, err := io.WriteString(w, fmt.Sprintf("%s and %s come to the same settings\n", v.From, v.To))
		return err
	}
	return ui.PrintFields(w, 0, fieldChanges(v.Changes))
}
