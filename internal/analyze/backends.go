package analyze

import (
	networking "istio.io/api/networking/v1alpha3"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Backends are the workloads behind a host, or those of them that have the
// labels of a subset. known is false where the host has its endpoints from
// somewhere else: a Service without selector, a ServiceEntry that lists them.
func (m *Mesh) Backends(host *Host, subset map[string]string) (workloads []*Workload, known bool) {
	var selector map[string]string
	switch {
	case host.Service != nil && host.Service.Type != core.ServiceTypeExternalName:
		selector = host.Service.Selector
	case host.Entry != nil:
		selector = host.Entry.GetWorkloadSelector().GetLabels()
	}
	if len(selector) == 0 {
		return nil, false
	}
	for key, value := range subset {
		if have, ok := selector[key]; ok && have != value {
			return nil, true
		}
	}
	return m.Select(host.Namespace, selector, subset), true
}

// TargetPort is the port of a workload that a port of a host, given by its
// place there, leads to. ok is false if the workload does not have it.
func (h *Host) TargetPort(w *Workload, number int) (port uint32, ok bool) {
	if h.Service != nil {
		return servicePort(w, &h.Service.Ports[number])
	}
	return entryPort(w, h.Entry.GetPorts()[number])
}

func servicePort(w *Workload, port *core.ServicePort) (uint32, bool) {
	target, ok := port.Port, true
	switch {
	case port.TargetPort.Type == intstr.String && w.Pod != nil:
		target, ok = ContainerPort(w.Pod, port.TargetPort.StrVal)
	case port.TargetPort.Type == intstr.Int && port.TargetPort.IntVal != 0:
		target = port.TargetPort.IntVal
	}
	return uint32(target), ok && target > 0
}

func entryPort(w *Workload, port *networking.ServicePort) (uint32, bool) {
	if entry, ok := w.body.(*networking.WorkloadEntry); ok && entry.GetPorts()[port.GetName()] != 0 {
		return entry.GetPorts()[port.GetName()], true
	}
	if port.GetTargetPort() != 0 {
		return port.GetTargetPort(), true
	}
	return port.GetNumber(), true
}

// ContainerPort finds a port of a pod by its name.
func ContainerPort(pod *core.PodSpec, name string) (port int32, ok bool) {
	for i := range pod.Containers {
		for _, own := range pod.Containers[i].Ports {
			if own.Name == name {
				return own.ContainerPort, true
			}
		}
	}
	return 0, false
}
