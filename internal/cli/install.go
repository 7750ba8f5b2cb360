package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

type installOptions struct {
	config         configFlags
	charts         chartFlags
	change         changeFlags
	forceConflicts bool
	output         ui.Format
}

func newInstallCmd(env *Env) *cobra.Command {
	var o installOptions
	cmd := &cobra.Command{
		Use:     "install",
		Aliases: []string{"apply"},
		Short:   "Install a mesh, or change the installed one",
		Long: `Install a mesh, or bring the installed one in line with the configuration.

The plan is shown first: what would be created, changed, kept and deleted, as
the API server itself answers in a dry run. Once approved it is applied in
waves (definitions, accounts and configuration, control plane and add-ons,
webhooks, gateways), each healthy before the next begins, and recorded as a
Helm release. A run that was interrupted is completed by running it again.`,
		Example: `  meshctl install --profile demo
  meshctl install -f mesh.yaml --set values.pilot.traceSampling=10 --dry-run
  meshctl install --profile ocne --yes --timeout 10m`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInstall(cmd.Context(), env, o) },
	}
	o.config.bind(env, cmd)
	o.charts.bind(cmd)
	o.change.bind(cmd)
	cmd.Flags().BoolVar(&o.forceConflicts, "force-conflicts", false, "take fields that other field managers own")
	cmd.Flags().VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

func runInstall(ctx context.Context, env *Env, o installOptions) error {
	config, assets, err := o.config.load(env)
	if err != nil {
		return err
	}
	// Mistakes in the configuration are told before any cluster is asked.
	if _, err := resolve(env, config, assets); err != nil {
		return err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	if config, err = fitPlatform(ctx, env, cluster, o.config.placeFlags, config, assets); err != nil {
		return err
	}
	if assets, err = o.charts.over(ctx, env, config, assets); err != nil {
		return err
	}
	if err := o.config.warnStrays(env, config, assets); err != nil {
		return err
	}
	ownership := object.Respect
	if o.forceConflicts {
		ownership = object.Take
	}
	work := o.change.start(env)
	defer work.end()
	deps := work.deps(assets, cluster)
	deps.Approve = func(ctx context.Context, proposal install.Proposal) error {
		return work.approve(ctx, proposal, o.output)
	}
	started := env.Now()
	result, err := install.Run(ctx, config, deps, install.Options{
		DryRun:    o.change.dryRun,
		Ownership: ownership,
		Wait:      o.change.wait,
		Timeout:   o.change.timeout,
	})
	work.end()
	if err != nil || o.change.dryRun {
		return err
	}
	return finishInstall(ctx, env, o, result, env.Now().Sub(started))
}

// finishInstall says what was done and what to do next.
func finishInstall(ctx context.Context, env *Env, o installOptions, result install.Result, took time.Duration) error {
	if !o.output.Is(ui.Text) {
		return ui.Print(env.IO.Stdout(), o.output, newInstallView(result))
	}
	if env.Global.Quiet {
		return nil
	}
	stderr := env.IO.Stderr()
	if result.Record.Revision == 0 {
		ui.Success(stderr, "nothing to do: the mesh is as the configuration wants it")
		return nil
	}
	ui.Success(stderr, fmt.Sprintf("Istio %s is installed in %s (release %s, revision %d)",
		result.Mesh.Version, ui.Duration(took), result.Release, result.Record.Revision))
	printNextSteps(ctx, env, result)
	return nil
}

// changeFlags are shared by the commands that change the cluster.
type changeFlags struct {
	dryRun   bool
	yes      bool
	wait     bool
	timeout  time.Duration
	progress ui.ProgressMode
}

const standardTimeout = 5 * time.Minute

func (f *changeFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would be done, as the API server sees it, and stop")
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask for confirmation")
	flags.BoolVar(&f.wait, "wait", true, "wait until everything is healthy; without it nothing checks that the mesh works")
	flags.DurationVar(&f.timeout, "timeout", standardTimeout, "how long to wait in all until everything is healthy")
	flags.Var(&f.progress, "progress", "how progress is shown: auto, live, plain, json or none")
}
