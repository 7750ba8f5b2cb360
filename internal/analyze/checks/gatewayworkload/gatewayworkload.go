// Package gatewayworkload finds Gateways that run nowhere, or listen where no
// Service leads to.
package gatewayworkload

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0162.md
var ist0162 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "gatewayworkload",
	Legacy: []string{"gateway.IngressGatewayPortAnalyzer"},
	Doc:    "Gateways select workloads, and Services lead to their ports.",
	Needs:  []analyze.Kind{analyze.Gateway, analyze.Pod},
	Uses:   []analyze.Kind{analyze.Service, analyze.Deployment, analyze.DaemonSet, analyze.StatefulSet},
	Codes:  []*analyze.Code{codes.NotFound, unreachable},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unreachable = &analyze.Code{ID: "IST0162", Severity: analyze.Warning, Title: "No Service leads to the port of a gateway's server", Doc: ist0162}

func run(pass *analyze.Pass) error {
	services := newServices(pass.Mesh)
	// Many Gateways have the same selector, and it may choose many workloads.
	bySelector := map[string]*selected{}
	for gateway := range pass.Mesh.Gateways().All() {
		key := selectorText(gateway.Spec.Selector)
		if bySelector[key] == nil {
			bySelector[key] = newSelected(pass.Mesh, gateway.Spec.Selector, services)
		}
		if len(bySelector[key].workloads) == 0 {
			pass.Report(codes.Nowhere(pass.Mesh, gateway))
			continue
		}
		if len(gateway.Spec.Selector) > 0 {
			checkPorts(pass, gateway, bySelector[key])
		}
	}
	return nil
}

func selectorText(labels map[string]string) string {
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		texts = append(texts, key+"="+labels[key])
	}
	return strings.Join(texts, ",")
}

// services are those with a selector, by namespace.
type services map[string][]analyze.Of[core.ServiceSpec]

func newServices(mesh *analyze.Mesh) services {
	all := services{}
	for service := range mesh.Services().All() {
		if len(service.Spec.Selector) > 0 {
			all[service.Namespace] = append(all[service.Namespace], service)
		}
	}
	return all
}

// leadingTo are the services with pods among the workloads.
func (s services) leadingTo(workloads []*analyze.Workload) []analyze.Of[core.ServiceSpec] {
	var found []analyze.Of[core.ServiceSpec]
	seen := map[*analyze.Resource]bool{}
	for _, w := range workloads {
		for _, service := range s[w.Namespace] {
			if !seen[service.Resource] && analyze.HasLabels(w.Labels, service.Spec.Selector) {
				seen[service.Resource] = true
				found = append(found, service)
			}
		}
	}
	return found
}

// selected is what the selector of a Gateway leads to.
type selected struct {
	workloads []*analyze.Workload
	leading   []analyze.Of[core.ServiceSpec]
	open      map[uint32]bool
}

func newSelected(mesh *analyze.Mesh, selector map[string]string, all services) *selected {
	s := &selected{workloads: mesh.Select("", selector)}
	if len(selector) > 0 {
		s.leading = all.leadingTo(s.workloads)
		s.open = openPorts(s.leading)
	}
	return s
}

func checkPorts(pass *analyze.Pass, gateway analyze.Of[networking.Gateway], to *selected) {
	var related []analyze.Related
	for _, service := range to.leading[:min(3, len(to.leading))] {
		related = append(related, analyze.Related{On: service, Field: object.Field("spec.ports"), Note: "the ports of"})
	}
	for i, server := range gateway.Spec.Servers {
		number := server.GetPort().GetNumber()
		if number == 0 || to.open[number] || onHost(to.workloads, number) {
			continue
		}
		pass.Report(analyze.Diagnostic{
			Code: unreachable, On: gateway, Field: object.Field("spec.servers", i, "port.number"),
			Message: fmt.Sprintf("no Service of the gateway's workloads has port %d, so nothing arrives there", number),
			Absent:  analyze.Absences(to.workloads[0].Namespace, analyze.Service), Related: related,
		})
	}
}

// openPorts are the numbers by which a server can be reached: those of the
// Service, for which istiod looks up the port of the pod, and those of the pod.
func openPorts(services []analyze.Of[core.ServiceSpec]) map[uint32]bool {
	open := map[uint32]bool{}
	for _, service := range services {
		for _, port := range service.Spec.Ports {
			if port.Protocol != "" && port.Protocol != core.ProtocolTCP {
				continue
			}
			open[uint32(port.Port)] = true
			if port.TargetPort.Type == intstr.Int && port.TargetPort.IntVal > 0 {
				open[uint32(port.TargetPort.IntVal)] = true
			}
		}
	}
	return open
}

// onHost says whether a workload takes the port of its node, without a Service.
func onHost(workloads []*analyze.Workload, number uint32) bool {
	for _, w := range workloads {
		if w.Pod == nil || w.Pod.HostNetwork {
			return true
		}
		for _, container := range w.Pod.Containers {
			for _, port := range container.Ports {
				if uint32(port.ContainerPort) == number && port.HostPort > 0 {
					return true
				}
			}
		}
	}
	return false
}
