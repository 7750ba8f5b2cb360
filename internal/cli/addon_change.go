package cli

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// newAddonChangeCmd is install, or uninstall.
func newAddonChangeCmd(env *Env, enabled bool) *cobra.Command {
	var o addonOptions
	cmd := &cobra.Command{
		Use:   "install NAME...",
		Short: "Add add-ons to the mesh",
		Long: `Add add-ons to the mesh, or change their settings.

The rest of the mesh stays as it was configured. What will change is shown first.`,
		Example: `  meshctl addon install prometheus grafana
  meshctl addon install jaeger kiali
  meshctl addon install prometheus --set components.prometheus.mode=operator
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
	names, err := chosenAddons(names)
	if err != nil {
		return err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	config, assets, err := o.config(ctx, env, cluster, names, enabled)
	if err != nil {
		return err
	}
	if _, err := resolve(env, config, assets); err != nil {
		return err
	}
	work := o.change.start(env)
	defer work.end()
	deps := work.deps(assets, cluster)
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
		sayAddons(env, result, names, enabled)
	}
	return nil
}

// chosenAddons are the add-ons that the user named, each once.
func chosenAddons(names []string) ([]string, error) {
	var known, chosen []string
	for _, addon := range profiles.AddOns() {
		known = append(known, addon.Key)
	}
	for _, name := range names {
		switch {
		case !slices.Contains(known, name):
			return nil, &UsageError{
				Near: profiles.Near(name, known),
				Err:  fmt.Errorf("%s is no add-on that can be installed; those are %s", name, strings.Join(known, ", ")),
			}
		case !slices.Contains(chosen, name):
			chosen = append(chosen, name)
		}
	}
	return chosen, nil
}

// noMeshError is an add-on without a mesh to add it to.
type noMeshError struct {
	names   []string
	enabled bool
	err     error
}

func (e *noMeshError) Error() string { return e.err.Error() }

func (e *noMeshError) Unwrap() error { return e.err }

func noMeshHints(e *noMeshError) []string {
	hints := judge(e.err).hints
	if !e.enabled {
		return hints
	}
	command := []string{"meshctl install"}
	for _, name := range e.names {
		command = append(command, fmt.Sprintf("--set components.%s.enabled=true", name))
	}
	return append([]string{"an add-on is part of a mesh; to install both: " + strings.Join(command, " ")}, hints...)
}

// config is that of the mesh as it is, with add-ons switched, and the charts of its version.
func (o addonOptions) config(ctx context.Context, env *Env, cluster *kube.Cluster, names []string, enabled bool) (profiles.Config, fs.FS, error) {
	store, err := openStore(ctx, env, cluster, env.Global.IstioNamespace)
	if err != nil {
		return profiles.Config{}, nil, err
	}
	name := release.Name(o.revision)
	record, found, err := store.Latest(name)
	if err != nil {
		return profiles.Config{}, nil, err
	}
	if !found {
		return profiles.Config{}, nil, &noMeshError{names: names, enabled: enabled, err: &install.NotInstalledError{Release: name, Namespace: env.Global.IstioNamespace}}
	}
	if len(record.Charts) > 0 {
		return profiles.Config{}, nil, usageErrorf("the mesh is installed from official charts: repeat your 'install' with --charts and --set components.%s.enabled=%t", names[0], enabled)
	}
	spec, err := yaml.Marshal(record.Config)
	if err != nil {
		return profiles.Config{}, nil, fmt.Errorf("reading the configuration of release %s: %w", name, err)
	}
	config := profiles.Config{Files: []profiles.File{{Name: fmt.Sprintf("the record of release %s", name), Data: spec}}}
	var assets fs.FS
	if config.Version, assets, err = versionOf(env, record); err != nil {
		return profiles.Config{}, nil, err
	}
	config.ReadFile = func(name string) ([]byte, error) { return readInput(env, name, false) }
	if namespace := env.Global.IstioNamespace; namespace != defaultIstioNamespace {
		config.Sets = append(config.Sets, "values.global.istioNamespace="+namespace)
	}
	for _, name := range names {
		config.Sets = append(config.Sets, fmt.Sprintf("components.%s.enabled=%t", name, enabled))
	}
	config.Flags, err = withFiles(env, o.sets)
	return config, assets, err
}

// versionOf is the version of Istio that was installed, and its charts.
func versionOf(env *Env, record release.Record) (profiles.Version, fs.FS, error) {
	table, err := profiles.ReadVersions(env.Assets)
	if err != nil {
		return profiles.Version{}, nil, err
	}
	version, err := table.Find(record.MeshVersion)
	if err != nil {
		return version, nil, fmt.Errorf("adding to the mesh of release %s: %w", record.Name, err)
	}
	assets, err := version.Assets(env.Assets)
	return version, assets, err
}
