package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// place is where a dashboard can be reached inside the cluster.
type place struct {
	pod  object.Ref
	port int
}

// find looks for a ready pod behind the Service of a dashboard. It takes the
// pod to avoid, which has just been lost, only if there is no other: the cluster
// may need some time to see that a pod is not well.
func find(ctx context.Context, d Dashboard, namespace string, avoid object.Ref, cluster Cluster) (place, error) {
	services, err := servicesOf(ctx, d, namespace, cluster)
	if err != nil {
		return place{}, err
	}
	if len(services) == 0 {
		return place{}, &NotInstalledError{Dashboard: d, Namespace: namespace, Elsewhere: elsewhere(ctx, d, cluster)}
	}
	notReady := &NotReadyError{Dashboard: d, Namespace: namespace, Service: services[0].Name}
	for _, service := range services {
		pods, err := podsOf(ctx, service, cluster)
		if err != nil {
			return place{}, err
		}
		slices.SortFunc(pods, func(a, b corev1.Pod) int {
			return cmp.Or(last(a.Name == avoid.Name)-last(b.Name == avoid.Name), cmp.Compare(a.Name, b.Name))
		})
		for _, pod := range pods {
			why := trouble(pod)
			if why == "" {
				return place{
					pod:  object.Ref{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name},
					port: choosePort(service, pod, d.Port),
				}, nil
			}
			notReady.Pods = append(notReady.Pods, PodTrouble{Pod: pod.Name, Reason: why})
		}
	}
	return place{}, notReady
}

// last puts what is true behind what is not.
func last(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// servicesOf lists the Services of a dashboard that lead to pods, the one that
// has its name first.
func servicesOf(ctx context.Context, d Dashboard, namespace string, cluster Cluster) ([]corev1.Service, error) {
	listed, err := cluster.List(ctx, schema.GroupKind{Kind: "Service"}, object.Query{Namespace: namespace, Labels: d.Selector})
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", d.Title, err)
	}
	services, err := typed[corev1.Service](listed)
	services = slices.DeleteFunc(services, func(service corev1.Service) bool { return len(service.Spec.Selector) == 0 })
	slices.SortFunc(services, func(a, b corev1.Service) int {
		return cmp.Or(last(a.Name != d.Name)-last(b.Name != d.Name), cmp.Compare(a.Name, b.Name))
	})
	return services, err
}

func podsOf(ctx context.Context, service corev1.Service, cluster Cluster) ([]corev1.Pod, error) {
	selector := labels.SelectorFromSet(service.Spec.Selector).String()
	listed, err := cluster.List(ctx, schema.GroupKind{Kind: "Pod"}, object.Query{Namespace: service.Namespace, Labels: selector})
	if err != nil {
		return nil, fmt.Errorf("looking for the pods of Service %s/%s: %w", service.Namespace, service.Name, err)
	}
	return typed[corev1.Pod](listed)
}

// elsewhere are the namespaces that have the dashboard. It is help that comes
// with an error, so whoever may not look everywhere just gets less of it.
func elsewhere(ctx context.Context, d Dashboard, cluster Cluster) []string {
	services, err := servicesOf(ctx, d, "", cluster)
	if err != nil {
		return nil
	}
	var namespaces []string
	for _, service := range services {
		namespaces = append(namespaces, service.Namespace)
	}
	slices.Sort(namespaces)
	return slices.Compact(namespaces)
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
