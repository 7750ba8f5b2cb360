package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/inject"
)

const uninjectLong = `Take the proxy, and all that came with it, out of workloads in manifests.

It goes by the annotation sidecar.istio.io/status, so it works on what meshctl
inject, istioctl kube-inject or a webhook made: probes, ports and annotations
are put back, and containers that the user had written over injected ones.

What 'meshctl inject' wrote comes back as it was. Where the pod alone does not
tell that, inject leaves a comment in the file.`

const uninjectExample = `  meshctl uninject -f injected.yaml > app.yaml

  meshctl uninject -f injected/ -o manifests/

  # from a cluster
  kubectl get deployment web -o yaml | meshctl uninject | kubectl apply -f -`

type uninjectOptions struct {
	files    []string
	output   string
	podPaths []string
	diff     bool
}

func newUninjectCmd(env *Env) *cobra.Command {
	var o uninjectOptions
	cmd := &cobra.Command{
		Use:     "uninject",
		Aliases: []string{"kube-uninject"},
		Short:   "Take the proxy out of workloads in manifests",
		Long:    uninjectLong,
		Example: uninjectExample,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runUninject(cmd.Context(), env, o) },
	}
	bindManifests(cmd, &o.files, &o.output, &o.podPaths)
	cmd.Flags().BoolVar(&o.diff, "diff", false, "show what would change instead of printing manifests")
	return cmd
}

func runUninject(ctx context.Context, env *Env, o uninjectOptions) error {
	kinds, err := inject.StandardKinds().With(o.podPaths...)
	if err != nil {
		return usageErrorf("--pod-template %w", err)
	}
	manifests, err := readManifests(ctx, env, o.files)
	if err != nil {
		return err
	}
	if err := manifests.checkOutput(o.output); err != nil {
		return err
	}
	if err := manifests.change(func(m *manifest) error {
		var err error
		m.changed, m.outcomes, err = inject.Uninject(m.name, m.text, kinds)
		return err
	}); err != nil {
		return err
	}
	if !env.Global.Quiet {
		if err := (uninjectReport{manifests}).print(env.IO.Stderr()); err != nil {
			return err
		}
	}
	if o.diff {
		return manifests.printDiff(env)
	}
	return manifests.write(env, o.output)
}
