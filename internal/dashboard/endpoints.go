package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// behind is a ready endpoint of a Service; the zero place is for one that has none.
func (f finder) behind(ctx context.Context, service corev1.Service) (place, error) {
	slicesOf := object.Query{Namespace: service.Namespace, Labels: labels.Set{discoveryv1.LabelServiceName: service.Name}.String()}
	found, err := list[discoveryv1.EndpointSlice](ctx, f.cluster, schema.GroupKind{Group: discoveryv1.GroupName, Kind: "EndpointSlice"}, slicesOf)
	if err != nil {
		// Older roles know pods and no EndpointSlices.
		return f.behindPods(ctx, service)
	}
	var ready []place
	for _, slice := range found {
		port, through := choosePort(service, func(port corev1.ServicePort) (int, bool) { return portIn(slice, port) }, f.dashboard.Port)
		for _, endpoint := range slice.Endpoints {
			if pod := endpoint.TargetRef; pod != nil && pod.Kind == "Pod" && isReady(endpoint) {
				ready = append(ready, f.place(podRef(cmp.Or(pod.Namespace, service.Namespace), pod.Name), port, service, through))
			}
		}
	}
	if len(ready) == 0 {
		return place{}, nil
	}
	return slices.MinFunc(ready, func(a, b place) int {
		return cmp.Or(last(a.pod == f.avoid)-last(b.pod == f.avoid), a.pod.Compare(b.pod))
	}), nil
}

// isReady reads the condition as the API has it: nothing said is ready.
func isReady(endpoint discoveryv1.Endpoint) bool {
	ready, terminating := endpoint.Conditions.Ready, endpoint.Conditions.Terminating
	return (ready == nil || *ready) && (terminating == nil || !*terminating)
}

// portIn is the port of the pods in a slice to which a port of their Service leads.
func portIn(slice discoveryv1.EndpointSlice, port corev1.ServicePort) (int, bool) {
	for _, one := range slice.Ports {
		tcp := one.Protocol == nil || *one.Protocol == corev1.ProtocolTCP
		if tcp && one.Port != nil && one.Name != nil && *one.Name == port.Name {
			return int(*one.Port), true
		}
	}
	return 0, false
}

// behindPods does the same by the pods that the Service selects.
func (f finder) behindPods(ctx context.Context, service corev1.Service) (place, error) {
	pods, err := f.selectedBy(ctx, service)
	if err != nil {
		return place{}, err
	}
	f.order(pods)
	for _, pod := range pods {
		if trouble(pod) == "" {
			port, through := choosePort(service, func(port corev1.ServicePort) (int, bool) { return portOf(port, pod) }, f.dashboard.Port)
			return f.place(podRef(pod.Namespace, pod.Name), port, service, through), nil
		}
	}
	return place{}, nil
}

func (f finder) place(pod object.Ref, port int, service corev1.Service, through corev1.ServicePort) place {
	return place{pod: pod, port: cmp.Or(f.options.RemotePort, port), service: &service, https: speaksTLS(service, through)}
}

func (f finder) selectedBy(ctx context.Context, service corev1.Service) ([]corev1.Pod, error) {
	selector := labels.SelectorFromSet(service.Spec.Selector).String()
	pods, err := list[corev1.Pod](ctx, f.cluster, schema.GroupKind{Kind: "Pod"}, object.Query{Namespace: service.Namespace, Labels: selector})
	if err != nil {
		return nil, fmt.Errorf("looking for the pods of Service %s/%s: %w", service.Namespace, service.Name, err)
	}
	return pods, nil
}

// notReady says what is wrong with the pods of the Services.
func (f finder) notReady(ctx context.Context, services []corev1.Service) error {
	first := services[0]
	notReady := &NotReadyError{Dashboard: f.dashboard, Of: "Service " + first.Namespace + "/" + first.Name}
	for _, service := range services {
		pods, err := f.selectedBy(ctx, service)
		if err != nil {
			return err
		}
		f.order(pods)
		for _, pod := range pods {
			// A pod may have become ready a moment before its Service hears of it.
			why := cmp.Or(trouble(pod), "its Service does not lead to it yet")
			notReady.Pods = append(notReady.Pods, PodTrouble{Namespace: pod.Namespace, Pod: pod.Name, Reason: why})
		}
	}
	slices.SortFunc(notReady.Pods, func(a, b PodTrouble) int { return cmp.Compare(a.Pod, b.Pod) })
	notReady.Pods = slices.Compact(notReady.Pods)
	return notReady
}
