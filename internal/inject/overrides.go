package inject

import (
	"encoding/json"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Status is the annotation by which an injection can be recognised and undone:
// the names of what its templates had.
type Status struct {
	InitContainers   []string `json:"initContainers"`
	Containers       []string `json:"containers"`
	Volumes          []string `json:"volumes"`
	ImagePullSecrets []string `json:"imagePullSecrets"`
	Revision         string   `json:"revision"`
}

// readStatus is nil for a pod that was not injected. An annotation that cannot
// be read was not written by an injection.
func readStatus(pod *corev1.Pod) *Status {
	status := &Status{}
	text, ok := pod.Annotations[statusAnnotation]
	if !ok || json.Unmarshal([]byte(text), status) != nil {
		return nil
	}
	return status
}

// overrides are containers of templates as the user has written them.
type overrides struct {
	Containers     []corev1.Container `json:"containers,omitempty"`
	InitContainers []corev1.Container `json:"initContainers,omitempty"`
}

func (o overrides) empty() bool { return len(o.Containers)+len(o.InitContainers) == 0 }

func readOverrides(pod *corev1.Pod) (overrides, error) {
	var saved overrides
	text, ok := pod.Annotations[overridesAnnotation]
	if !ok {
		return saved, nil
	}
	if json.Unmarshal([]byte(text), &saved) != nil {
		problem := &AnnotationError{Annotation: overridesAnnotation, Value: text, Rule: "the JSON in which an injection kept containers"}
		return saved, &AnnotationsError{Problems: []*AnnotationError{problem}}
	}
	return saved, nil
}

// strip undoes an earlier injection as far as templates would notice it.
func (r *run) strip() *corev1.Pod {
	pod := r.original.DeepCopy()
	if r.before != nil {
		pod.Spec.Containers = without(pod.Spec.Containers, r.before.Containers)
		pod.Spec.InitContainers = without(pod.Spec.InitContainers, r.before.InitContainers)
		if scrapeOf(pod.Annotations).Port == r.statusPort() {
			dropScrape(pod.Annotations)
		}
		delete(pod.Annotations, statusAnnotation)
	}
	pod.Spec.Containers = withMissing(pod.Spec.Containers, r.saved.Containers)
	pod.Spec.InitContainers = withMissing(pod.Spec.InitContainers, r.saved.InitContainers)
	return pod
}

func without(containers []corev1.Container, names []string) []corev1.Container {
	return slices.DeleteFunc(containers, func(c corev1.Container) bool { return slices.Contains(names, c.Name) })
}

func withMissing(containers, saved []corev1.Container) []corev1.Container {
	for _, c := range saved {
		if findContainer(c.Name, containers) == nil {
			containers = append(containers, c)
		}
	}
	return containers
}

func (r *run) statusPort() string {
	return strconv.Itoa(int(r.Mesh.GetDefaultConfig().GetStatusPort()))
}

// autoImage stands for the image of the template in containers of users.
const autoImage = "auto"

// applyOverrides lays the user's containers over those of the templates, so that
// what the user wrote wins and templates fill the gaps.
func (r *run) applyOverrides() error {
	before := r.before
	if before == nil {
		before = &Status{}
	}
	var used overrides
	for _, name := range r.names.Containers {
		own := findContainer(name, r.saved.Containers)
		if own == nil && !slices.Contains(before.Containers, name) {
			own = findContainer(name, r.original.Spec.Containers)
		}
		if err := r.override("containers", own, &used.Containers); err != nil {
			return err
		}
	}
	for _, name := range r.names.InitContainers {
		own := findContainer(name, r.saved.InitContainers)
		if own == nil && !slices.Contains(before.InitContainers, name) {
			own = findContainer(name, r.original.Spec.Containers, r.original.Spec.InitContainers)
		}
		if err := r.override("initContainers", own, &used.InitContainers); err != nil {
			return err
		}
	}
	if r.before != nil || used.empty() {
		return nil
	}
	text, err := json.Marshal(used)
	if err != nil {
		return err
	}
	annotations := r.merged["metadata"].(map[string]any)
	return unstructured.SetNestedField(annotations, string(text), "annotations", overridesAnnotation)
}

// override lays one container of the user over the template's, and notes it.
func (r *run) override(list string, own *corev1.Container, used *[]corev1.Container) error {
	if own == nil {
		return nil
	}
	c := *own
	if c.Image == autoImage {
		c.Image = ""
	}
	if c.Name == proxyContainer {
		r.own = &c
	}
	*used = append(*used, c)
	fields, err := toMap(&c)
	if err != nil {
		return err
	}
	r.merged, err = mergePod(r.merged, map[string]any{"spec": map[string]any{list: []any{fields}}})
	return err
}
