package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

func newAddonCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "addon",
		Aliases: []string{"addons"},
		Short:   "Add Prometheus and Grafana to an installed mesh, or remove them",
		Long: `Add Prometheus and Grafana to an installed mesh, or remove them.

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

// newAddonChangeCmd is install, or uninstall.
func newAddonChangeCmd(env *Env, enabled bool) *cobra.Command {
	var o addonOptions
	cmd := &cobra.Command{
		Use:   "install NAME...",
		Short: "Add add-ons to the mesh",
		Long: `Add add-ons to the mesh, or change their settings.

The rest of the mesh stays as it was configured. What will change is shown first.`,
		Example: `  meshctl addon install prometheus grafana
  meshctl addon install grafana --set values.grafana.service.type=NodePort --yes`,
	}
	if !enabled {
		cmd.Use, cmd.Aliases, cmd.Short = "uninstall NAME...", []string{"remove"}, "Remove add-ons from the mesh"
		cmd.Long = `Remove add-ons from the mesh.

The rest of the mesh stays as it was configured. What will go is shown first; data
that is not kept in a claim goes with it.`
		cmd.Example = `  meshctl addon uninstall grafana
  meshctl addon uninstall prometheus grafana --yes`
	}
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.ValidArgsFunction = completeAddons
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return runAddonChange(cmd.Context(), env, o, args, enabled)
	}
	o.change.bind(cmd)
	if enabled {
		bindSets(cmd, &o.sets)
	}
	cmd.Flags().StringVarP(&o.revision, "revision", "r", "", "control plane `revision` of the mesh; the default one if not given")
	cmd.Flags().VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

func completeAddons(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var choices []string
	for _, addon := range profiles.AddOns() {
		if !slices.Contains(args, addon.Key) {
			choices = append(choices, addon.Key+"\t"+addon.Title)
		}
	}
	return choices, cobra.ShellCompDirectiveNoFileComp
}

func runAddonChange(ctx context.Context, env *Env, o addonOptions, names []string, enabled bool) error {
	if err := checkAddons(names); err != nil {
		return err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	config, err := o.config(ctx, env, cluster, names, enabled)
	if err != nil {
		return err
	}
	if _, err := resolve(env, config, env.Assets); err != nil {
		return err
	}
	work := o.change.start(env)
	defer work.end()
	deps := work.deps(env.Assets, cluster)
	deps.Approve = func(ctx context.Context, proposal install.Proposal) error {
		return work.approve(ctx, proposal, o.output)
	}
	result, err := install.Run(ctx, config, deps, install.Options{DryRun: o.change.dryRun, Wait: o.change.wait, Timeout: o.change.timeout})
	work.end()
	if err != nil || o.change.dryRun {
		return err
	}
	if !o.output.Is(ui.Text) {
		return ui.Print(env.IO.Stdout(), o.output, newInstallView(result))
	}
	if !env.Global.Quiet {
		sayAddons(env, names, enabled, result.Record.Revision > 0)
	}
	return nil
}

func checkAddons(names []string) error {
	var known []string
	for _, addon := range profiles.AddOns() {
		known = append(known, addon.Key)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return usageErrorf("%s is no add-on that can be installed; those are %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// config is that of the mesh as it is, with add-ons switched.
func (o addonOptions) config(ctx context.Context, env *Env, cluster *kube.Cluster, names []string, enabled bool) (profiles.Config, error) {
	store, err := openStore(ctx, env, cluster, env.Global.IstioNamespace)
	if err != nil {
		return profiles.Config{}, err
	}
	name := release.Name(o.revision)
	record, found, err := store.Latest(name)
	if err != nil {
		return profiles.Config{}, err
	}
	if !found {
		return profiles.Config{}, &install.NotInstalledError{Release: name, Namespace: env.Global.IstioNamespace}
	}
	if len(record.Charts) > 0 {
		return profiles.Config{}, usageErrorf("the mesh is installed from official charts: repeat your 'install' with --charts and --set components.%s.enabled=%t", names[0], enabled)
	}
	spec, err := yaml.Marshal(record.Config)
	if err != nil {
		return profiles.Config{}, fmt.Errorf("reading the configuration of release %s: %w", name, err)
	}
	config := profiles.Config{Files: []profiles.File{{Name: fmt.Sprintf("the record of release %s", name), Data: spec}}}
	config.ReadFile = func(name string) ([]byte, error) { return readInput(env, name, false) }
	if namespace := env.Global.IstioNamespace; namespace != defaultIstioNamespace {
		config.Sets = append(config.Sets, "values.global.istioNamespace="+namespace)
	}
	for _, name := range names {
		config.Sets = append(config.Sets, fmt.Sprintf("components.%s.enabled=%t", name, enabled))
	}
	config.Flags, err = withFiles(env, o.sets)
	return config, err
}

// sayAddons says what came of it, and how to look at an add-on.
func sayAddons(env *Env, names []string, enabled, changed bool) {
	w := env.IO.Stderr()
	list := strings.Join(names, " and ") + " is"
	if len(names) > 1 {
		list = strings.Join(names, " and ") + " are"
	}
	switch {
	case !changed && enabled:
		ui.Success(w, "nothing to do: "+list+" as the configuration wants it")
	case !changed:
		ui.Success(w, "nothing to do: "+list+" not installed")
	case enabled:
		ui.Success(w, list+" installed")
		fmt.Fprintf(w, "\n%s\n", w.Theme.Heading.Render("To see"))
		for _, name := range names {
			fmt.Fprintf(w, "  %s dashboard %s\n", env.program(), name)
		}
	default:
		ui.Success(w, list+" removed")
	}
}
