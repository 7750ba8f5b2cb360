package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

const checkInjectLong = `Explain whether a pod gets a proxy when it is created, which rule decides that,
and what to change to get the opposite.

It answers for a pod or a workload of the cluster, for pods with given labels,
or, where nothing is named, for a pod without labels in the namespace. First
come the webhooks: each is shown with the requirement that keeps the pod from
it. Then come the rules of the injector behind the one that matches, up to the
one that decides. Labels that would turn the answer around were tried.

With -f no cluster is asked: workloads, namespaces, webhooks and configuration
are those in the files. Without webhooks in them, those that the built-in charts
and the default profile make are taken.

The answer is no judgement: whatever it is, the exit code is 0.`

const checkInjectExample = `  meshctl check-inject deployment/web -n shop

  # a pod of this name, and one that is not there yet
  meshctl check-inject web-5d4f8c7b9-x2x7k -n shop
  meshctl check-inject -n shop --labels app=web,istio.io/rev=canary

  # what the namespace does to pods, and what it would with other labels
  meshctl check-inject -n shop
  meshctl check-inject -n shop --namespace-labels istio-injection=enabled

  # manifests, in a mesh as it would be installed
  meshctl manifest generate --revision canary > mesh.yaml
  meshctl check-inject -f mesh.yaml -f app.yaml`

type checkInjectOptions struct {
	files           []string
	labels          string
	namespaceLabels string
	output          ui.Format

	// labelled and spaceLabelled say that a flag was given: no labels are labels, too.
	labelled, spaceLabelled bool
}

func newCheckInjectCmd(env *Env) *cobra.Command {
	var o checkInjectOptions
	cmd := &cobra.Command{
		Use:     "check-inject [POD | KIND/NAME]",
		Short:   "Explain why a pod gets a proxy or not",
		Long:    checkInjectLong,
		Example: checkInjectExample,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.labelled, o.spaceLabelled = cmd.Flags().Changed("labels"), cmd.Flags().Changed("namespace-labels")
			return runCheckInject(cmd.Context(), env, o, strings.Join(args, ""))
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&o.files, "filename", "f", nil, "`file`, directory or URL with manifests to go by instead of a cluster, or - for standard input; may be repeated")
	flags.StringVarP(&o.labels, "labels", "l", "", "answer for a pod with these `labels`: app=web,version=v1")
	flags.StringVar(&o.namespaceLabels, "namespace-labels", "", "take these `labels` for those of the namespace")
	flags.VarP(&o.output, "output", "o", "text, json or yaml")
	// Only an unknown flag can fail.
	_ = cmd.MarkFlagFilename("filename", "yaml", "yml", "json")
	return cmd
}

// candidate is a pod that is asked about.
type candidate struct {
	// ref is the object it comes from; of a set of labels it has no kind.
	ref object.Ref
	pod *corev1.Pod
	// path is where the object keeps the labels of its pod.
	path []string
}

// injectScene is what decides, and the pods to decide about.
type injectScene struct {
	cluster    inject.Cluster
	namespaces map[string]inject.Namespace
	pods       []candidate
	warnings   []string
	live       bool
}

func runCheckInject(ctx context.Context, env *Env, o checkInjectOptions, name string) error {
	if name != "" && o.labelled {
		return usageErrorf("%s and --labels both say which pod is meant", name)
	}
	podLabels, err := labelSet("--labels", o.labels)
	if err != nil {
		return err
	}
	spaceLabels, err := labelSet("--namespace-labels", o.namespaceLabels)
	if err != nil {
		return err
	}
	var target *checkTarget
	if name != "" {
		if target, err = parseTarget(name); err != nil {
			return err
		}
	}
	var scene *injectScene
	if len(o.files) > 0 {
		scene, err = o.fromFiles(ctx, env, target)
	} else {
		scene, err = o.fromCluster(ctx, env, target)
	}
	if err != nil {
		return err
	}
	if o.labelled || len(scene.pods) == 0 {
		namespace := target.namespaceOr(scene.namespace(env))
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Labels: podLabels}}
		scene.pods = []candidate{{ref: object.Ref{Namespace: namespace}, pod: pod}}
	}
	if o.spaceLabelled {
		for _, c := range scene.pods {
			scene.namespaces[c.pod.Namespace] = inject.Namespace{Labels: spaceLabels}
		}
	}
	for _, warning := range scene.warnings {
		env.warn(warning)
	}
	return ui.Print(env.IO.Stdout(), o.output, scene.answer())
}

// labelSet reads labels as kubectl writes them.
func labelSet(flag, text string) (map[string]string, error) {
	set, err := labels.ConvertSelectorToLabelsMap(text)
	if err != nil {
		return nil, usageErrorf("%s %s: want label=value, with commas between more of them: %w", flag, text, err)
	}
	return set, nil
}
