package analyze

import (
	"slices"
	"strconv"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// untranslated is the label of Services whose gateways listen on the very ports
// that servers name.
const untranslated = "experimental.istio.io/disable-gateway-port-translation"

// frontage is what some workloads of a set have in common: the Services that
// lead to them, which say where a server listens.
type frontage struct {
	workloads []*Workload
	services  []Of[core.ServiceSpec]
}

// frontages parts the workloads of each set by the Services that lead to them.
func frontages(m *Mesh, sets []*GatewaySet) map[*GatewaySet][]frontage {
	leading := map[*Workload][]int{}
	namespaces := map[string]bool{}
	for _, set := range sets {
		for _, w := range set.Workloads {
			leading[w] = nil
			namespaces[w.Namespace] = true
		}
	}
	services := slices.Collect(m.Services().All())
	for i, service := range services {
		if !namespaces[service.Namespace] || len(service.Spec.Selector) == 0 {
			continue
		}
		for _, w := range m.Select(service.Namespace, service.Spec.Selector) {
			if numbers, ok := leading[w]; ok {
				leading[w] = append(numbers, i)
			}
		}
	}
	all := make(map[*GatewaySet][]frontage, len(sets))
	for _, set := range sets {
		numbers := map[string]int{}
		var parts []frontage
		for _, w := range set.Workloads {
			var key strings.Builder
			for _, i := range leading[w] {
				key.WriteString(strconv.Itoa(i) + ",")
			}
			at, ok := numbers[key.String()]
			if !ok {
				at = len(parts)
				numbers[key.String()] = at
				parts = append(parts, frontage{})
				for _, i := range leading[w] {
					parts[at].services = append(parts[at].services, services[i])
				}
			}
			parts[at].workloads = append(parts[at].workloads, w)
		}
		all[set] = parts
	}
	return all
}

// portNumbers are those that servers name, each once.
func portNumbers(servers []*Server) []uint32 {
	var numbers []uint32
	for _, server := range servers {
		numbers = append(numbers, server.GetPort().GetNumber())
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// translation says in one text where the workloads listen for each of the ports.
func (f frontage) translation(numbers []uint32) string {
	var text strings.Builder
	for _, number := range numbers {
		for _, port := range f.listening(number) {
			text.WriteString(strconv.FormatUint(uint64(port), 10) + ",")
		}
		text.WriteString(";")
	}
	return text.String()
}

// listening are the ports on which the workloads open a server for this one: what
// their Services lead it to, else the port itself.
func (f frontage) listening(number uint32) []uint32 {
	var ports []uint32
	for _, service := range f.services {
		if _, ok := service.Labels[untranslated]; ok {
			return []uint32{number}
		}
		for i := range service.Spec.Ports {
			if uint32(service.Spec.Ports[i].Port) == number {
				ports = append(ports, f.target(&service.Spec.Ports[i]))
			}
		}
	}
	if len(ports) == 0 {
		return []uint32{number}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

func (f frontage) target(port *core.ServicePort) uint32 {
	if port.TargetPort.Type == intstr.Int {
		if port.TargetPort.IntVal > 0 {
			return uint32(port.TargetPort.IntVal)
		}
		return uint32(port.Port)
	}
	for _, w := range f.workloads {
		if w.Pod == nil {
			continue
		}
		if number, ok := ContainerPort(w.Pod, port.TargetPort.StrVal); ok {
			return uint32(number)
		}
	}
	return uint32(port.Port)
}
