package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/ui"
)

const configLong = `Every flag can be set for good: in the config file, or by a variable.

In the file, a flag of every command stands by itself, and a flag of one
command below the name of the command:

  namespace: shop
  install:
    profile: demo

The variables for the same are MESHCTL_NAMESPACE and MESHCTL_INSTALL_PROFILE.
What is typed wins over a variable, and a variable over the file. A flag that
may be repeated takes a list in the file, and a value a line in a variable.`

const configExample = `  # which settings are in force, and where they come from
  meshctl config view

  # edit the config file
  $EDITOR "$(meshctl config path)"`

func newConfigCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Look at the settings of meshctl itself",
		Long:    configLong,
		Example: configExample,
	}
	cmd.AddCommand(newConfigViewCmd(env), newConfigPathCmd(env))
	return cmd
}

const configViewExample = `  # what differs from the defaults
  meshctl config view

  # all there is to set, for a script
  meshctl config view --all -o json`

type configViewOptions struct {
	all    bool
	output ui.Format
}

func newConfigViewCmd(env *Env) *cobra.Command {
	var o configViewOptions
	cmd := &cobra.Command{
		Use:         "view",
		Short:       "Show each setting and where it comes from",
		Example:     configViewExample,
		Annotations: lateSettings(),
		Args:        noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			view, err := viewSettings(env, cmd.Root())
			if err != nil {
				return err
			}
			if err := applySettings(env, cmd); err != nil {
				return err
			}
			if !o.all {
				view.Settings = slices.DeleteFunc(view.Settings, func(row settingRow) bool { return row.From == fromDefault })
			}
			if len(view.Settings) == 0 && o.output.Is(ui.Text) {
				ui.Hint(env.IO.Stderr(), env.named("everything is at its default; 'meshctl config view --all' lists what can be set"))
			}
			return ui.Print(env.IO.Stdout(), o.output, view)
		},
	}
	cmd.Flags().BoolVarP(&o.all, "all", "a", false, "show settings that are at their default too")
	cmd.Flags().VarP(&o.output, "output", "o", "text, json or yaml")
	return cmd
}

func newConfigPathCmd(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:         "path",
		Short:       "Print where the config file is looked for",
		Example:     "  meshctl config path\n\n  meshctl config path --config ./team.yaml",
		Annotations: withoutSettings(),
		Args:        noArgs,
		RunE: func(*cobra.Command, []string) error {
			path, _ := configPath(env)
			if path == "" {
				return &SettingError{Place: "$HOME", Problem: "is not set, so there is no place for a config file"}
			}
			_, err := fmt.Fprintln(env.IO.Out, path)
			return err
		},
	}
}

// viewSettings looks at every command as if it was about to run.
func viewSettings(env *Env, root *cobra.Command) (settingsView, error) {
	file, err := loadSettings(env, root)
	if err != nil {
		return settingsView{}, err
	}
	view := settingsView{File: file.path, Settings: []settingRow{}}
	err = walk(root, func(cmd *cobra.Command) error {
		layers, err := layersOf(env, file, cmd)
		if err != nil {
			return err
		}
		for _, flag := range settable(cmd) {
			chosen, set := layers.Get(flag.Name).(setting)
			row := settingRow{path: append(pathOf(cmd), flag.Name), Value: defaultOf(flag), From: fromDefault}
			switch {
			case set:
				row.Value, row.From, row.Place = texts(chosen.texts), chosen.source.kind, chosen.source.place
			case flag.Changed:
				row.Value, row.From, row.Place = valueOf(flag), fromFlag, "--"+flag.Name
			}
			// The flags of every command are shown once, and again where a command has its own.
			if cmd == root || !isGlobal(cmd, flag) || set && ownSetting(env, file, flag, row.path) {
				view.Settings = append(view.Settings, row.named())
			}
		}
		return nil
	})
	return view, err
}

// ownSetting tells whether a flag of every command is set for one command alone.
func ownSetting(env *Env, file *settingsFile, flag *pflag.Flag, path []string) bool {
	_, inFile := file.find(path)
	_, inEnv := variable(env, flag, path)
	return inFile || inEnv
}

// walk visits the commands that can be configured, in the order of help.
func walk(cmd *cobra.Command, visit func(*cobra.Command) error) error {
	if cmd.Annotations[annotationSettings] == "none" {
		return nil
	}
	err := visit(cmd)
	for _, child := range cmd.Commands() {
		err = errors.Join(err, walk(child, visit))
	}
	return err
}
