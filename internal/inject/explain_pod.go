package inject

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/object"
)

// PodOf is the pod that a workload's controller would create, or the object
// itself if it is a pod. It is false for objects that have none. Objects that
// name no namespace are in the one given.
func PodOf(o object.Object, kinds Kinds, namespace string) (*corev1.Pod, bool, error) {
	kind := o.GroupVersionKind()
	path, ok := kinds.pathOf(kind.Kind, kind.Group)
	if !ok {
		return nil, false, nil
	}
	fields := o.Object
	if len(path) > 0 {
		nested, found, err := unstructured.NestedMap(o.Object, path...)
		if err != nil || !found {
			return nil, false, err
		}
		fields = nested
	}
	template := &corev1.Pod{}
	if err := fromMap(fields, template); err != nil {
		return nil, false, &ObjectError{Ref: o.Ref(), Source: o.Source, Err: fmt.Errorf("reading the pod: %w", err)}
	}
	workload := metav1.ObjectMeta{Name: o.GetName(), Namespace: o.GetNamespace()}
	if workload.Namespace == "" {
		workload.Namespace = namespace
	}
	pod, _ := asCreated(metav1.TypeMeta{Kind: kind.Kind, APIVersion: o.GetAPIVersion()}, workload, template.ObjectMeta, template.Spec)
	return pod, true, nil
}
