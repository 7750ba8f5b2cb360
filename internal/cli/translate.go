package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/install/translate"
	"github.com/meshctl/meshctl/internal/profiles"
)

func newManifestTranslateCmd(env *Env) *cobra.Command {
	var (
		config    configFlags
		directory string
	)
	cmd := &cobra.Command{
		Use:   "translate -o DIRECTORY",
		Short: "Write Helm values for Istio's own charts, to go on without meshctl",
		Long: `Write Helm values for Istio's own charts, to go on without meshctl.

The directory gets values for each chart, install.sh, which installs the mesh
with helm or takes over one that meshctl installed, and README.md, which says
what to do and which settings those charts cannot express. Add-ons, for which
Istio publishes no charts, are written as objects. No cluster is asked.`,
		Example: `  meshctl manifest translate -f mesh.yaml -o helm/
  meshctl manifest translate --profile ambient --revision canary -o helm/`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runTranslate(env, config, directory) },
	}
	config.bind(env, cmd)
	cmd.Flags().StringVarP(&directory, "output", "o", "", "`directory` to write to; it is made if need be")
	return cmd
}

func runTranslate(env *Env, flags configFlags, directory string) error {
	if directory == "" {
		return usageErrorf("--output: say which directory to write to")
	}
	config, assets, err := flags.load(env)
	if err != nil {
		return err
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return err
	}
	env.warnAll(mesh.Warnings)
	manifest, err := render.Render(mesh, assets)
	if err != nil {
		return err
	}
	bundle, err := translate.Translate(mesh, manifest)
	if err != nil {
		return err
	}
	env.warnAll(losses(bundle.Lost))
	return writeBundle(env, bundle.Files, directory)
}

// losses are warnings about what is not translated.
func losses(lost []translate.Loss) []string {
	var warnings []string
	for _, loss := range lost {
		warnings = append(warnings, fmt.Sprintf("%s: %s is not translated: %s", loss.Origin, loss.Path, loss.Why))
	}
	return warnings
}

func writeBundle(env *Env, files []translate.File, directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return fmt.Errorf("writing the translation: %w", err)
	}
	for _, file := range files {
		mode := os.FileMode(0o644)
		if file.Executable {
			mode = 0o755
		}
		path := filepath.Join(directory, file.Name)
		if err := os.WriteFile(path, file.Data, mode); err != nil {
			return fmt.Errorf("writing the translation: %w", err)
		}
		fmt.Fprintln(env.IO.Err, path)
	}
	return nil
}
