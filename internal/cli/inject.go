package cli

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/ui"
)

const injectLong = `Add the proxy to workloads in manifests, exactly as the webhook of a control
plane would add it to their pods.

No cluster is needed: without more flags the built-in charts and the default
profile say what to inject. --from-cluster asks a control plane for its
configuration instead, and --inject-config, --values and --mesh-config read it
from files. Namespaces and ProxyConfigs among the manifests count, too.

Whatever else is in the manifests stays as it is, byte for byte: comments, the
order of fields, objects that are no workloads. What was done, and what not and
why, is told on standard error. Injecting twice is the same as injecting once,
and 'meshctl uninject' leads back.

Who injects by hand wants it, so labels of namespaces do not count; labels and
annotations of pods do. --as-webhook decides as a cluster would.

Without -f manifests are read from standard input, so that this can stand
behind helm's --post-renderer, and be a function of kustomize.`

const injectExample = `  meshctl inject -f app.yaml | kubectl apply -f -

  # for the control plane of revision canary, as it is configured in the cluster
  meshctl inject -f app.yaml --from-cluster --revision canary

  # a whole directory; is there a workload that lacks its proxy?
  meshctl inject -f manifests/ -o injected/
  meshctl inject -f manifests/ --check

  helm install web ./web --post-renderer meshctl --post-renderer-args inject`

type injectOptions struct {
	files     []string
	output    string
	podPaths  []string
	source    injectSource
	asWebhook bool
	diff      bool
	check     bool
	verify    bool
}

func newInjectCmd(env *Env) *cobra.Command {
	var o injectOptions
	cmd := &cobra.Command{
		Use:     "inject",
		Aliases: []string{"kube-inject"},
		Short:   "Add the proxy to workloads in manifests",
		Long:    injectLong,
		Example: injectExample,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runInject(cmd.Context(), env, o) },
	}
	bindManifests(cmd, &o.files, &o.output, &o.podPaths)
	flags := cmd.Flags()
	flags.BoolVar(&o.asWebhook, "as-webhook", false, "let labels of namespaces decide too, as in a cluster")
	flags.BoolVar(&o.diff, "diff", false, "show what would change instead of printing manifests")
	flags.BoolVar(&o.check, "check", false, "print no manifests, and end with 79 if a workload should be injected and is not")
	flags.BoolVar(&o.verify, "verify", false, "print no manifests, but where the webhook of the cluster injects differently, and end with 1 if it does; nothing is created")
	cmd.MarkFlagsMutuallyExclusive("verify", "check")
	cmd.MarkFlagsMutuallyExclusive("verify", "diff")
	cmd.MarkFlagsMutuallyExclusive("verify", "output")
	o.source.bind(env, cmd)
	return cmd
}

// bindManifests adds the flags about what is read and written.
func bindManifests(cmd *cobra.Command, files *[]string, output *string, podPaths *[]string) {
	flags := cmd.Flags()
	flags.StringArrayVarP(files, "filename", "f", nil, "`file`, directory or URL with manifests, or - for standard input; may be repeated")
	flags.StringVarP(output, "output", "o", "", "write to this `file`, or to files in this directory, instead of printing")
	flags.StringArrayVar(podPaths, "pod-template", nil, "where pods are in another kind of workload, as `kind=path`: CloneSet=spec.template; may be repeated")
	// Only an unknown flag can fail.
	_ = cmd.MarkFlagFilename("filename", "yaml", "yml", "json")
}

func runInject(ctx context.Context, env *Env, o injectOptions) error {
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
	namespace := nameOr(env.Global.Namespace, defaultNamespace)
	around := inject.Surroundings{Namespace: namespace}
	for _, m := range manifests {
		if o.verify {
			break // a webhook knows only what is in the cluster
		}
		if err := around.Collect(m.name, m.text); err != nil {
			return err
		}
	}
	o.source.fromCluster = o.source.fromCluster || o.verify
	found, err := o.source.find(ctx, env, &around)
	if err != nil {
		return err
	}
	if o.verify {
		return o.verifyAll(ctx, env, manifests, found, kinds)
	}
	injector, err := inject.New(found.settings)
	if err != nil {
		return err
	}
	var admit func(*corev1.Pod) inject.Decision
	if o.asWebhook {
		admit = inject.Admission(found.webhooks, found.settings.Namespaces, found.settings.Revision)
	}
	if err := manifests.change(func(m *manifest) error {
		var err error
		m.changed, m.outcomes, err = injector.Text(inject.Request{File: m.name, Text: m.text, Kinds: kinds, Namespace: namespace, Admit: admit})
		return err
	}); err != nil {
		return err
	}
	report := injectReport{manifests: manifests, native: found.native, check: o.check || o.diff}
	return o.conclude(env, manifests, report)
}

// defaultNamespace is where objects are that name none.
const defaultNamespace = "default"

// conclude prints what was asked for.
func (o injectOptions) conclude(env *Env, manifests manifestFiles, report injectReport) error {
	if !env.Global.Quiet {
		if err := report.print(env.IO.Stderr()); err != nil {
			return err
		}
	}
	switch {
	case o.diff:
		if err := manifests.printDiff(env); err != nil {
			return err
		}
	case !o.check:
		return manifests.write(env, o.output)
	}
	if o.check && manifests.anyChanged() {
		return errFindings
	}
	return nil
}

// printDiff shows what is another in each manifest.
func (all manifestFiles) printDiff(env *Env) error {
	out := env.IO.Stdout()
	for _, m := range all {
		if bytes.Equal(m.text, m.changed) {
			continue
		}
		fmt.Fprintln(out, m.name)
		if err := ui.PrintText(out, 2, string(m.text), string(m.changed)); err != nil {
			return err
		}
	}
	return nil
}
