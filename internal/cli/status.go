package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/ui"
)

type statusOptions struct {
	revision string
	output   ui.Format
}

func newStatusCmd(env *Env) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how the installed mesh is doing",
		Long: `Show how the installed mesh is doing: its components with their versions and
readiness, where they can be reached, the namespaces it serves and the release
record. The exit code is 80 when a component is not healthy.`,
		Example: `  meshctl status
  meshctl status --revision canary -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runStatus(cmd.Context(), env, o) },
	}
	cmd.Flags().StringVarP(&o.revision, "revision", "r", "", "control plane `revision` to show; the default one if not given")
	cmd.Flags().VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

func runStatus(ctx context.Context, env *Env, o statusOptions) error {
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	store, err := openStore(ctx, env, cluster, env.Global.IstioNamespace)
	if err != nil {
		return err
	}
	report, err := install.Status(ctx, store, env.Global.IstioNamespace, o.revision, cluster)
	if err != nil {
		return err
	}
	if err := ui.Print(env.IO.Stdout(), o.output, statusView{Report: report, now: env.Now()}); err != nil {
		return err
	}
	if !report.Healthy {
		return &statusError{exitUnhealthy} // the answer says which component
	}
	return nil
}
