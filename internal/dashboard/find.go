package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// place is where a dashboard can be reached inside the cluster.
type place struct {
	pod  object.Ref
	port int
	// service is the one that led there; nil if none did.
	service *corev1.Service
	// https says that the Service speaks of TLS.
	https bool
}

// finder looks for a pod that can answer.
type finder struct {
	dashboard Dashboard
	options   Options
	// avoid is a pod that has just been lost. It is taken only if there is no
	// other: the cluster may need some time to see that a pod is not well.
	avoid   object.Ref
	cluster Cluster
}

func (f finder) find(ctx context.Context) (place, error) {
	switch {
	case f.options.Workload.Kind == "Service":
		// What is meant is a port of its pods, and not one that it leads to.
		f.options.RemotePort = cmp.Or(f.options.RemotePort, f.dashboard.Port)
		f.options.Namespace, f.options.Service = f.options.Workload.Namespace, f.options.Workload.Name
	case f.options.Workload.Name != "":
		return f.ofWorkload(ctx)
	case f.dashboard.Pods:
		return f.ofLabels(ctx)
	}
	services, err := f.services(ctx)
	if err != nil {
		return place{}, err
	}
	if len(services) == 0 {
		// Whoever installs pods without a Service, or names labels that only pods have.
		return f.ofLabels(ctx)
	}
	for _, service := range services {
		found, err := f.behind(ctx, service)
		if err != nil || found.port != 0 {
			return found, err
		}
	}
	return place{}, f.notReady(ctx, services)
}

// ofWorkload takes a pod that the user named, or one of a workload.
func (f finder) ofWorkload(ctx context.Context) (place, error) {
	ref := f.options.Workload
	live, found, err := f.cluster.Get(ctx, ref)
	switch {
	case err != nil:
		return place{}, fmt.Errorf("looking for %s: %w", ref, err)
	case !found:
		return place{}, &NoPodError{Dashboard: f.dashboard, Ref: ref}
	}
	listed := []object.Object{live}
	if ref.Kind != "Pod" {
		if listed, err = f.cluster.PodsOf(ctx, live); err != nil {
			return place{}, err
		}
	}
	pods, err := typed[corev1.Pod](listed)
	if err != nil {
		return place{}, err
	}
	return f.choose(pods, ref.String())
}

// ofLabels takes a pod that has the labels.
func (f finder) ofLabels(ctx context.Context) (place, error) {
	pods, err := search(ctx, f, func(ctx context.Context, namespace string) ([]corev1.Pod, error) {
		for _, selector := range f.selectors() {
			pods, err := list[corev1.Pod](ctx, f.cluster, schema.GroupKind{Kind: "Pod"}, object.Query{Namespace: namespace, Labels: selector})
			if err != nil || len(pods) > 0 {
				return pods, err
			}
		}
		return nil, nil
	})
	if err != nil {
		return place{}, err
	}
	if len(pods) == 0 {
		return place{}, f.notInstalled(ctx)
	}
	return f.choose(pods, "the label "+f.selectors()[0])
}

func (f finder) selectors() []string {
	if f.options.Selector != "" {
		return []string{f.options.Selector}
	}
	return f.dashboard.Selectors
}

// choose takes the first pod that is ready.
func (f finder) choose(pods []corev1.Pod, of string) (place, error) {
	f.order(pods)
	notReady := &NotReadyError{Dashboard: f.dashboard, Of: of}
	for _, pod := range pods {
		why := trouble(pod)
		if why == "" {
			return place{pod: podRef(pod.Namespace, pod.Name), port: cmp.Or(f.options.RemotePort, f.dashboard.Port)}, nil
		}
		notReady.Pods = append(notReady.Pods, PodTrouble{Namespace: pod.Namespace, Pod: pod.Name, Reason: why})
	}
	return place{}, notReady
}

// order sorts by name, and puts the pod to avoid last.
func (f finder) order(pods []corev1.Pod) {
	slices.SortFunc(pods, func(a, b corev1.Pod) int {
		return cmp.Or(last(a.Name == f.avoid.Name)-last(b.Name == f.avoid.Name), cmp.Compare(a.Name, b.Name))
	})
}

// last puts what is true behind what is not.
func last(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func podRef(namespace, name string) object.Ref {
	return object.Ref{Kind: "Pod", Namespace: namespace, Name: name}
}

// list reads objects of one type.
func list[T any](ctx context.Context, cluster Cluster, kind schema.GroupKind, query object.Query) ([]T, error) {
	listed, err := cluster.List(ctx, kind, query)
	if err != nil {
		return nil, err
	}
	return typed[T](listed)
}

func typed[T any](objects []object.Object) ([]T, error) {
	result := make([]T, len(objects))
	for i, one := range objects {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(one.Object, &result[i]); err != nil {
			return nil, fmt.Errorf("reading %s: %w", one.Ref(), err)
		}
	}
	return result, nil
}
