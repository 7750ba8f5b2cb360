package inject

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// look finds the pod of an object and says what becomes of it.
func (w *rewriter) look(e *editor, at place, source object.Source) (*target, error) {
	t := &target{outcome: Outcome{Source: source}}
	if at.node.Kind == yaml.AliasNode {
		t.shared = true
		return t, nil
	}
	kind, workload := identify(at)
	t.outcome.Ref = object.Ref{Group: groupOf(kind.APIVersion), Kind: kind.Kind, Namespace: workload.Namespace, Name: nameOf(workload)}
	path, ok := w.kinds.pathOf(kind.Kind, t.outcome.Ref.Group)
	if !ok {
		return t, nil
	}
	t.outcome.Workload = true
	if workload.Namespace == "" {
		workload.Namespace = w.namespace
	}
	template, limit := at.node, at.limit
	for _, name := range path {
		if template == nil || isShared(template) {
			break
		}
		template, limit = fieldOf(template, limit, name)
	}
	if template != nil && isShared(template) {
		t.shared = true
		return t, nil
	}
	if template == nil || template.Kind != yaml.MappingNode {
		t.outcome.Decision = Decision{Rule: "no pod", Reason: "it has no pod template at " + strings.Join(path, ".")}
		return t, nil
	}
	t.template, t.limit = template, limit
	err := w.convert(e, t, kind, workload)
	if err != nil {
		return nil, &ObjectError{Ref: t.outcome.Ref, Source: located(err, source, at.node.Line), Err: err}
	}
	return t, nil
}

func (w *rewriter) convert(e *editor, t *target, kind metav1.TypeMeta, workload metav1.ObjectMeta) error {
	var err error
	if t.whole, err = valueOf(t.template); err != nil {
		return err
	}
	before, err := readPodTemplate(t.whole)
	if err != nil {
		return err
	}
	created, marks := asCreated(kind, workload, before.ObjectMeta, before.Spec)
	if t.old, err = e.recordOf(t); err != nil {
		return err
	}
	after, decision, err := w.change(created, t.old)
	if err != nil {
		return err
	}
	t.outcome.Decision = decision
	t.outcome.Added, t.outcome.Removed = missingIn(after, created), missingIn(created, after)
	marks.remove(after)
	after.TypeMeta = metav1.TypeMeta{}
	return t.fill(before, &corev1.PodTemplateSpec{ObjectMeta: after.ObjectMeta, Spec: after.Spec})
}

// missingIn names the containers of a pod that another does not have.
func missingIn(other, pod *corev1.Pod) []string {
	var names []string
	for _, list := range [][]corev1.Container{other.Spec.InitContainers, other.Spec.Containers} {
		for _, c := range list {
			if findContainer(c.Name, pod.Spec.InitContainers, pod.Spec.Containers) == nil {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

// fill notes the change, and what uninject needs to know to undo it.
// The templates are used up.
func (t *target) fill(before, after *corev1.PodTemplateSpec) error {
	var err error
	if t.before, err = templateTree(before); err != nil {
		return err
	}
	if t.after, err = templateTree(after); err != nil {
		return err
	}
	if readStatus(&corev1.Pod{ObjectMeta: after.ObjectMeta}) == nil {
		return nil
	}
	original := before
	if readStatus(&corev1.Pod{ObjectMeta: before.ObjectMeta}) != nil {
		if original, err = undoTemplate(before, t.old); err != nil {
			return err
		}
	}
	guess, err := undoTemplate(after, nil)
	if err != nil || equality.Semantic.DeepEqual(guess, original) {
		return err
	}
	from, err := templateTree(guess)
	if err != nil {
		return err
	}
	to, err := templateTree(original)
	t.record = difference(from, to)
	return err
}

func undoTemplate(template *corev1.PodTemplateSpec, notes record) (*corev1.PodTemplateSpec, error) {
	pod, err := undo(&corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}, notes)
	if err != nil {
		return nil, err
	}
	return &corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}, nil
}

// identify reads what an object is from its text.
func identify(at place) (metav1.TypeMeta, metav1.ObjectMeta) {
	text := func(node *yaml.Node, name string) string {
		found, _ := fieldOf(node, 0, name)
		if found == nil || found.Kind != yaml.ScalarNode {
			return ""
		}
		value, _ := scalarOf(found)
		if text, ok := value.(string); ok || value == nil {
			return text
		}
		return scalarText(value) // a name of digits, say, that no API server takes without quotes
	}
	meta, _ := fieldOf(at.node, 0, "metadata")
	return metav1.TypeMeta{Kind: text(at.node, "kind"), APIVersion: text(at.node, "apiVersion")},
		metav1.ObjectMeta{
			Name:         text(meta, "name"),
			GenerateName: text(meta, "generateName"),
			Namespace:    text(meta, "namespace"),
		}
}

func nameOf(meta metav1.ObjectMeta) string {
	if meta.Name == "" && meta.GenerateName != "" {
		return meta.GenerateName + "*"
	}
	return meta.Name
}

// readPodTemplate reads the fields of a pod or pod template.
func readPodTemplate(whole any) (*corev1.PodTemplateSpec, error) {
	template := &corev1.PodTemplateSpec{}
	fields, _ := whole.(map[string]any)
	wanted := map[string]any{"metadata": fields["metadata"], "spec": fields["spec"]}
	if err := fromMap(wanted, template); err == nil {
		return template, nil
	}
	// The slower reader says which field is wrong.
	text, err := json.Marshal(wanted)
	if err != nil {
		return nil, err
	}
	template = &corev1.PodTemplateSpec{}
	if err := json.Unmarshal(text, template); err != nil {
		return nil, fmt.Errorf("reading its pod: %w", err)
	}
	return template, nil
}

// templateTree is a pod template as fields, without those that only the types put in.
func templateTree(template *corev1.PodTemplateSpec) (any, error) {
	fields, err := toMap(template)
	if err != nil {
		return nil, err
	}
	meta, _ := fields["metadata"].(map[string]any)
	if meta["creationTimestamp"] == nil {
		delete(meta, "creationTimestamp")
	}
	if len(meta) == 0 {
		delete(fields, "metadata")
	}
	spec, _ := fields["spec"].(map[string]any)
	for _, list := range []string{"containers", "initContainers", "ephemeralContainers"} {
		containers, _ := spec[list].([]any)
		for _, container := range containers {
			c, _ := container.(map[string]any)
			if resources, ok := c["resources"].(map[string]any); ok && len(resources) == 0 {
				delete(c, "resources")
			}
		}
		if spec[list] == nil {
			delete(spec, list)
		}
	}
	return fields, nil
}
