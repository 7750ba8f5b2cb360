package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

func newAddonCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "addon",
		Aliases: []string{"addons"},
		Short:   "Add Prometheus, Grafana, Jaeger and others to an installed mesh, or remove them",
		Long: `Add to an installed mesh what looks at it, or remove that again: Prometheus,
Grafana, Jaeger, Kiali, Loki, Zipkin.

An add-on is a component of the mesh like others: this is 'meshctl install' with
the configuration that the mesh has, and components.NAME.enabled changed.`,
	}
	cmd.AddCommand(newAddonListCmd(env), newAddonChangeCmd(env, true), newAddonChangeCmd(env, false))
	return cmd
}

type addonOptions struct {
	change   changeFlags
	sets     []profiles.Set
	revision string
	output   ui.Format
}

func newAddonListCmd(env *Env) *cobra.Command {
	var o addonOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the add-ons, and how those that are installed are doing",
		Example: `  meshctl addon list
  meshctl addon list -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runAddonList(cmd.Context(), env, o) },
	}
	cmd.Flags().StringVarP(&o.revision, "revision", "r", "", "control plane `revision` of the mesh; the default one if not given")
	cmd.Flags().VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

func runAddonList(ctx context.Context, env *Env, o addonOptions) error {
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	store, err := openStore(ctx, env, cluster, env.Global.IstioNamespace)
	if err != nil {
		return err
	}
	report, err := install.Status(ctx, store, env.Global.IstioNamespace, o.revision, cluster)
	if _, none := errors.AsType[*install.NotInstalledError](err); err != nil && !none {
		return err
	}
	view := addonListView{}
	for _, addon := range profiles.AddOns() {
		row := addonRow{Name: addon.Key, Title: addon.Title}
		if i := slices.IndexFunc(report.Components, func(c status.Component) bool { return c.Title == addon.Title }); i >= 0 {
			c := report.Components[i]
			row.Installed, row.Version, row.State = true, c.Version, c.State
		}
		view.Addons = append(view.Addons, row)
	}
	return ui.Print(env.IO.Stdout(), o.output, view)
}

// addonListView is the list of add-ons as users see it.
type addonListView struct {
	Addons []addonRow `json:"addons"`
}

type addonRow struct {
	Name      string             `json:"name"`
	Title     string             `json:"title"`
	Installed bool               `json:"installed"`
	Version   string             `json:"version,omitempty"`
	State     object.HealthState `json:"state,omitempty"`
}

// Kind names the view in JSON and YAML.
func (addonListView) Kind() string { return "AddonList" }

// Text writes the list for people.
func (v addonListView) Text(w ui.Writer) error {
	table := ui.NewTable("add-on", "state", "version")
	for _, row := range v.Addons {
		state := w.Theme.Muted.Cell("not installed")
		if row.Installed {
			state = stateCell(row.State, w.Theme)
		}
		table.Cells(ui.Cell{Text: row.Name}, state, plainOrMuted(orDot(row.Version), w.Theme))
	}
	return table.Print(w)
}
