package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/samples"
	"github.com/meshctl/meshctl/internal/ui"
)

type sampleOptions struct {
	change   changeFlags
	mesh     string
	revision string
	output   ui.Format
}

func newSampleInstallCmd(env *Env) *cobra.Command {
	var o sampleOptions
	cmd := &cobra.Command{
		Use:   "install NAME",
		Short: "Install an application or an example",
		Long: `Install an application or an example.

It goes into the namespace samples unless -n names another. The namespace is made
if it is not there, and its pods join the mesh: by sidecars, or without them
where ztunnel is installed. A namespace that has a label for that already keeps
it. What will change is shown first; at the end stands what there is to see.`,
		Example: `  meshctl sample install bookinfo
  meshctl sample install traffic-shift --yes
  meshctl sample install bookinfo -n shop --mesh none --dry-run`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeSamples(env),
		RunE:              func(cmd *cobra.Command, args []string) error { return runSampleInstall(cmd.Context(), env, o, args[0]) },
	}
	o.change.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.mesh, "mesh", joinAuto, "how its pods join the mesh: `auto`, sidecar, ambient or none")
	flags.StringVarP(&o.revision, "revision", "r", "", "control plane `revision` to join; the default one if not given")
	flags.VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("mesh", cobra.FixedCompletions([]string{joinAuto, joinSidecar, joinAmbient, joinNone}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func runSampleInstall(ctx context.Context, env *Env, o sampleOptions, name string) error {
	sample, err := samples.Get(env.Assets, name)
	if err != nil {
		return err
	}
	if err := checkJoin(o.mesh); err != nil {
		return err
	}
	namespace := sampleNamespace(env)
	objects, err := samples.Objects(env.Assets, name, namespace)
	if err != nil {
		return err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	if err := warnWithoutApplication(ctx, env, cluster, sample, namespace); err != nil {
		return err
	}
	home, err := joinedNamespace(ctx, env, cluster, o, sample, namespace)
	if err != nil {
		return err
	}
	work := o.change.start(env)
	defer work.end()
	deps := work.deps(env.Assets, cluster)
	deps.Approve = func(ctx context.Context, proposal install.Proposal) error {
		return work.approve(ctx, proposal, o.output)
	}
	result, err := install.RunSample(ctx, install.Sample{
		Name: name, Namespace: namespace, Objects: append(home, objects...),
	}, deps, install.Options{DryRun: o.change.dryRun, Wait: o.change.wait, Timeout: o.change.timeout})
	work.end()
	if err != nil || o.change.dryRun {
		return err
	}
	if !o.output.Is(ui.Text) {
		return ui.Print(env.IO.Stdout(), o.output, newInstallView(result))
	}
	if !env.Global.Quiet {
		saySample(env, sample, namespace, result.Record.Revision > 0)
	}
	return nil
}

// saySample says what there is to see.
func saySample(env *Env, sample samples.Sample, namespace string, changed bool) {
	w := env.IO.Stderr()
	said := fmt.Sprintf("nothing to do: %s is in namespace %s already", sample.Name, namespace)
	if changed {
		said = fmt.Sprintf("%s is in namespace %s", sample.Name, namespace)
	}
	ui.Success(w, said)
	fmt.Fprintf(w, "\n%s\n", w.Theme.Heading.Render("To see"))
	words := lookWords(env, namespace)
	for _, look := range sample.Look {
		fmt.Fprintf(w, "  %s\n    %s\n", words.Replace(look.Do), w.Theme.Muted.Render(words.Replace(look.See)))
	}
}

// lookWords puts names into what there is to see.
func lookWords(env *Env, namespace string) *strings.Replacer {
	return strings.NewReplacer("NAMESPACE", namespace, programName+" ", env.program()+" ")
}

// sampleNamespace is the one that the user names, or that of all samples.
func sampleNamespace(env *Env) string {
	if env.Global.Namespace != "" {
		return env.Global.Namespace
	}
	return samplesNamespace
}

func newSampleUninstallCmd(env *Env) *cobra.Command {
	var o sampleOptions
	cmd := &cobra.Command{
		Use:     "uninstall NAME",
		Aliases: []string{"remove"},
		Short:   "Remove an application or an example",
		Long: `Remove an application or an example.

What its record lists is shown, and removed. The namespace stays: there may be
more in it by now.`,
		Example: `  meshctl sample uninstall traffic-shift
  meshctl sample uninstall bookinfo -n shop --yes`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeSamples(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSampleUninstall(cmd.Context(), env, o, args[0])
		},
	}
	o.change.bind(cmd)
	cmd.Flags().VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

func runSampleUninstall(ctx context.Context, env *Env, o sampleOptions, name string) error {
	if _, err := samples.Get(env.Assets, name); err != nil {
		return err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	work := o.change.start(env)
	defer work.end()
	deps := work.deps(env.Assets, cluster)
	deps.Approve = func(ctx context.Context, proposal install.Proposal) error {
		return work.approve(ctx, proposal, o.output)
	}
	namespace := sampleNamespace(env)
	removed, err := install.Remove(ctx, deps, install.RemoveOptions{
		Namespace: namespace, Sample: name,
		DryRun: o.change.dryRun, Wait: o.change.wait, Timeout: o.change.timeout,
	})
	work.end()
	if err != nil || o.change.dryRun {
		return err
	}
	if !o.output.Is(ui.Text) {
		return ui.Print(env.IO.Stdout(), o.output, newUninstallView(removed))
	}
	if !env.Global.Quiet {
		ui.Success(env.IO.Stderr(), fmt.Sprintf("%s is removed; namespace %s stays", name, namespace))
	}
	return nil
}
