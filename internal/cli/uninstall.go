package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

type uninstallOptions struct {
	change   changeFlags
	revision string
	files    []string
	all      bool
	crds     bool
	force    bool
	output   ui.Format
}

func newUninstallCmd(env *Env) *cobra.Command {
	var o uninstallOptions
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove an installed mesh",
		Long: `Remove what the record of an installed mesh lists.

The list is shown first. Objects that another revision of the mesh needs too
stay, and so do the namespace and, unless --crds is given, the custom resource
definitions: with them all Istio configuration in the cluster would go. While
namespaces or pods still use the mesh, nothing is removed unless forced.`,
		Example: `  meshctl uninstall
  meshctl uninstall --revision canary --yes
  meshctl uninstall --crds --dry-run
  meshctl uninstall --purge`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runUninstall(cmd.Context(), env, o) },
	}
	o.change.bind(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&o.revision, "revision", "r", "", "control plane `revision` to remove; the default one if not given")
	flags.StringArrayVarP(&o.files, "filename", "f", nil, "IstioOperator `file` that says which revision and namespace are meant")
	flags.BoolVar(&o.all, "purge", false, "remove every revision of the mesh, and the custom resource definitions")
	flags.BoolVar(&o.crds, "crds", false, "remove the custom resource definitions too, and with them every Istio configuration")
	flags.BoolVar(&o.force, "force", false, "remove the mesh even if namespaces or pods still use it")
	flags.VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
	return cmd
}

func runUninstall(ctx context.Context, env *Env, o uninstallOptions) error {
	namespace, revision, err := o.which(env)
	if err != nil {
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
	removed, err := install.Remove(ctx, deps, install.RemoveOptions{
		Namespace: namespace,
		Revision:  revision,
		All:       o.all,
		DryRun:    o.change.dryRun,
		Force:     o.force,
		CRDs:      o.crds || o.all,
		Wait:      o.change.wait,
		Timeout:   o.change.timeout,
	})
	work.end()
	if err != nil || o.change.dryRun {
		return err
	}
	if !o.output.Is(ui.Text) {
		return ui.Print(env.IO.Stdout(), o.output, newUninstallView(removed))
	}
	if !env.Global.Quiet {
		sayRemoved(env, removed)
	}
	return nil
}

// which mesh is meant: the one of the files, or of the flags.
func (o uninstallOptions) which(env *Env) (namespace, revision string, err error) {
	if len(o.files) == 0 {
		return env.Global.IstioNamespace, o.revision, nil
	}
	flags := configFlags{files: o.files, revision: o.revision}
	config, assets, err := flags.load(env)
	if err != nil {
		return "", "", err
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return "", "", err
	}
	return mesh.Namespace, mesh.Revision, nil
}

// sayRemoved tells what is left behind on purpose, and how to remove that too.
func sayRemoved(env *Env, removed install.Removed) {
	w := env.IO.Stderr()
	ui.Success(w, "the mesh is removed")
	if len(removed.Left) == 0 {
		return
	}
	crds, others := 0, []object.Ref{}
	for _, ref := range removed.Left {
		if ref.Kind == "CustomResourceDefinition" {
			crds++
			continue
		}
		others = append(others, ref)
	}
	fmt.Fprintln(w, "Left in the cluster:")
	if crds > 0 {
		fmt.Fprintf(w, "  %s, so that Istio configuration survives (--crds removes them)\n", ui.Plural(crds, "custom resource definition", "custom resource definitions"))
	}
	const examples = 8
	for i, ref := range others {
		if i == examples {
			fmt.Fprintf(w, "  and %d more\n", len(others)-examples)
			break
		}
		fmt.Fprintf(w, "  %s\n", ref)
	}
}

// uninstallView is what uninstall answers with -o json|yaml.
type uninstallView struct {
	Deleted []object.Ref `json:"deleted"`
	Left    []object.Ref `json:"left"`
}

func newUninstallView(removed install.Removed) uninstallView {
	view := uninstallView{Deleted: []object.Ref{}, Left: removed.Left}
	for _, step := range removed.Plan.Steps() {
		view.Deleted = append(view.Deleted, step.Object.Ref())
	}
	return view
}

// Kind names the view in JSON and YAML.
func (uninstallView) Kind() string { return "UninstallResult" }

// Text is not used: people read the story on stderr.
func (uninstallView) Text(ui.Writer) error { return nil }
