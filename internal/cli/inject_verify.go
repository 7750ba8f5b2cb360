package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

const injectLabelName = "sidecar.istio.io/inject"

// verification compares what the webhook of a cluster makes of pods with what
// is made of them here.
type verification struct {
	cluster  *kube.Cluster
	injector *inject.Injector
	admit    func(*corev1.Pod) inject.Decision
}

// verified is what came of one pod. The fields of differences are old here, and
// new as the webhook has them.
type verified struct {
	ref    object.Ref
	reason string
	inject bool
	diff   []plan.FieldChange
}

func (o injectOptions) verifyAll(ctx context.Context, env *Env, manifests manifestFiles, found *injectSettings, kinds inject.Kinds) error {
	cluster, err := env.Cluster()
	if err != nil {
		return err
	}
	injector, err := inject.New(found.settings)
	if err != nil {
		return err
	}
	v := verification{cluster, injector, inject.Admission(found.webhooks, found.settings.Namespaces, found.settings.Revision)}
	var results []verified
	for _, m := range manifests {
		objects, err := object.Decode(m.name, m.text)
		if err != nil {
			return err
		}
		for _, o := range opened(objects) {
			pod, ok, err := inject.PodOf(o, kinds, cluster.Namespace())
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			result := verified{ref: o.Ref()}
			result.ref.Namespace = pod.Namespace
			if err := v.pod(ctx, pod, &result); err != nil {
				return fmt.Errorf("verifying %s: %w", result.ref, err)
			}
			results = append(results, result)
		}
	}
	return printVerified(env.IO.Stdout(), results)
}

// pod has the API server try a pod twice without storing it: as it is, so that
// the webhook gets it, and as it is injected here, kept from the webhook. Both
// answers have the same defaults. What is injected here is the pod with the
// defaults, because that is what a webhook gets.
func (v verification) pod(ctx context.Context, pod *corev1.Pod, result *verified) error {
	pod = pod.DeepCopy()
	if err := v.name(ctx, pod); err != nil {
		return err
	}
	theirs, err := v.try(ctx, pod)
	if err != nil {
		return err
	}
	ours, err := v.tryAlone(ctx, pod)
	if err != nil {
		return err
	}
	decision := v.admit(pod)
	if decision.Inject {
		decision = v.injector.Config.Decide(ours)
	}
	if decision.Inject {
		if ours, err = v.injector.Pod(ours); err != nil {
			return err
		}
		if ours, err = v.tryAlone(ctx, ours); err != nil {
			return err
		}
	}
	result.reason, result.inject = decision.Reason, decision.Inject
	before, err := compared(ours)
	if err != nil {
		return err
	}
	after, err := compared(theirs)
	if err != nil {
		return err
	}
	result.diff = plan.Diff(object.New(before, object.Source{}), object.New(after, object.Source{}))
	return nil
}

// name gives the pod a name that no other pod has: a pod that is there would be
// changed, and not created, and then webhooks of injectors are not asked.
func (v verification) name(ctx context.Context, pod *corev1.Pod) error {
	if pod.Name == "" {
		pod.Name = pod.GenerateName + "verify"
	}
	for i := range pod.OwnerReferences {
		if pod.OwnerReferences[i].UID == "" {
			pod.OwnerReferences[i].UID = "verify"
		}
	}
	for {
		_, taken, err := v.cluster.Get(ctx, object.Ref{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name})
		if err != nil || !taken {
			return err
		}
		pod.Name += "-verify"
	}
}

// tryAlone tries a pod that no injector touches.
func (v verification) tryAlone(ctx context.Context, pod *corev1.Pod) (*corev1.Pod, error) {
	alone := pod.DeepCopy()
	if alone.Labels == nil {
		alone.Labels = map[string]string{}
	}
	alone.Labels[injectLabelName] = "false"
	tried, err := v.try(ctx, alone)
	if err != nil {
		return nil, err
	}
	delete(tried.Labels, injectLabelName)
	if label, ok := pod.Labels[injectLabelName]; ok {
		tried.Labels[injectLabelName] = label
	}
	return tried, nil
}

func (v verification) try(ctx context.Context, pod *corev1.Pod) (*corev1.Pod, error) {
	fields, err := podFieldsOf(pod)
	if err != nil {
		return nil, err
	}
	for _, set := range []string{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"} {
		unstructured.RemoveNestedField(fields, "metadata", set)
	}
	delete(fields, "status")
	answer, err := v.cluster.DryRun(ctx, object.New(fields, object.Source{}), object.Take)
	if err != nil {
		return nil, err
	}
	tried := &corev1.Pod{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(answer.Object, tried); err != nil {
		return nil, fmt.Errorf("reading the pod that the API server answered: %w", err)
	}
	return tried, nil
}

func podFieldsOf(pod *corev1.Pod) (map[string]any, error) {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(pod)
	if err != nil {
		return nil, fmt.Errorf("encoding the pod: %w", err)
	}
	return fields, nil
}

// compared leaves out what is another in every answer: what the API server
// notes, and the random name of the volume with the token.
func compared(pod *corev1.Pod) (map[string]any, error) {
	pod = pod.DeepCopy()
	pod.ManagedFields, pod.UID, pod.ResourceVersion, pod.Generation = nil, "", "", 0
	pod.CreationTimestamp.Reset()
	pod.Status = corev1.PodStatus{}
	text, err := json.Marshal(pod)
	if err != nil {
		return nil, fmt.Errorf("encoding the pod: %w", err)
	}
	const token = "kube-api-access-"
	for _, volume := range pod.Spec.Volumes {
		if strings.HasPrefix(volume.Name, token) {
			text = []byte(strings.ReplaceAll(string(text), `"`+volume.Name+`"`, `"`+token+`"`))
		}
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("decoding the pod: %w", err)
	}
	return fields, nil
}

// printVerified shows every difference. With one the command ends with 1.
func printVerified(w ui.Writer, results []verified) error {
	differ := 0
	for _, result := range results {
		what := "not injected, because " + result.reason
		if result.inject {
			what = "injected, because " + result.reason
		}
		if len(result.diff) == 0 {
			fmt.Fprintf(w, "%s: the webhook does the same (%s)\n", result.ref, what)
			continue
		}
		differ++
		fmt.Fprintf(w, "%s: the webhook does it differently (here: %s)\n", result.ref, what)
		if err := ui.PrintFields(w, 2, fieldChanges(result.diff)); err != nil {
			return err
		}
	}
	printSums(w, sum{len(results) - differ, "the same"}, sum{differ, "different"})
	if differ > 0 {
		return errDifferences
	}
	return nil
}
