package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

func newManifestCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Work with the Kubernetes objects that make up a mesh",
	}
	cmd.AddCommand(newManifestGenerateCmd(env), newManifestTranslateCmd(env))
	return cmd
}

type generateOptions struct {
	config     configFlags
	charts     chartFlags
	components []string
	output     string
}

func newManifestGenerateCmd(env *Env) *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Print the objects that an install would apply",
		Long: `Print the objects that an install would apply, as YAML.

No cluster is asked. The same profile, files and settings always give the same
bytes, in an order in which kubectl apply -f - can take them in one go.`,
		Example: `  meshctl manifest generate --profile demo | kubectl apply -f -
  meshctl manifest generate -f mesh.yaml --set values.pilot.traceSampling=10
  meshctl manifest generate --component Pilot -o out/`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runGenerate(cmd.Context(), env, o) },
	}
	o.config.bind(env, cmd)
	o.charts.bind(cmd)
	cmd.Flags().StringSliceVar(&o.components, "component", nil, "print these `components` only: "+strings.Join(componentNames(), ", ")+", or the name of a gateway")
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "write one file for each component into this `directory` instead of printing")
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("component", cobra.FixedCompletions(componentNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func componentNames() []string {
	var names []string
	for _, kind := range profiles.Kinds() {
		names = append(names, string(kind))
	}
	return names
}

func runGenerate(ctx context.Context, env *Env, o generateOptions) error {
	config, assets, err := o.config.load(env)
	if err != nil {
		return err
	}
	mesh, err := resolve(env, config, assets)
	if err != nil {
		return err
	}
	if assets, err = o.charts.over(ctx, env, config, assets); err != nil {
		return err
	}
	if err := o.config.warnStrays(env, config, assets); err != nil {
		return err
	}
	manifest, err := render.Render(mesh, assets)
	if err != nil {
		return err
	}
	env.warnAll(manifest.Warnings())
	if manifest, err = only(manifest, o.components); err != nil {
		return err
	}
	if o.output != "" {
		return writeManifests(env, manifest, o.output)
	}
	return render.WriteYAML(env.IO.Out, manifest.Objects())
}

// only keeps the named components of a manifest.
func only(manifest render.Manifest, names []string) (render.Manifest, error) {
	if len(names) == 0 {
		return manifest, nil
	}
	var chosen render.Manifest
	wanted := slices.Clone(names)
	for _, component := range manifest.Components {
		matches := func(name string) bool {
			return strings.EqualFold(name, string(component.Kind)) || name == component.Name && name != ""
		}
		if slices.ContainsFunc(names, matches) {
			chosen.Components = append(chosen.Components, component)
			wanted = slices.DeleteFunc(wanted, matches)
		}
	}
	if len(wanted) > 0 {
		return chosen, usageErrorf("--component %s: not a component of this mesh; it has %s", wanted[0], strings.Join(present(manifest), ", "))
	}
	return chosen, nil
}

func present(manifest render.Manifest) []string {
	var names []string
	for _, component := range manifest.Components {
		name := string(component.Kind)
		if component.Name != "" {
			name += " (" + component.Name + ")"
		}
		names = append(names, name)
	}
	return names
}

// writeManifests writes one file for each component, numbered in the order in
// which they are to be applied.
func writeManifests(env *Env, manifest render.Manifest, directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return fmt.Errorf("writing manifests: %w", err)
	}
	for i, component := range manifest.Components {
		name := strings.ToLower(string(component.Kind))
		if component.Name != "" {
			name = component.Name
		}
		path := filepath.Join(directory, fmt.Sprintf("%02d-%s.yaml", i+1, name))
		if err := writeManifest(path, render.Manifest{Components: []render.Component{component}}.Objects()); err != nil {
			return fmt.Errorf("writing manifests: %w", err)
		}
		fmt.Fprintf(env.IO.Err, "%s: %d objects\n", path, len(component.Objects))
	}
	return nil
}

func writeManifest(path string, objects []object.Object) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return render.WriteYAML(file, objects)
}
