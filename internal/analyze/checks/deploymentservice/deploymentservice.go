// Package deploymentservice finds workloads whose Services do not agree on what
// is spoken on a port.
package deploymentservice

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0116.md
var ist0116 string

//go:embed IST0137.md
var ist0137 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "deploymentservice",
	Legacy: []string{"deployment.MultiServiceAnalyzer"},
	Doc:    "The Services in front of a workload agree on the protocols of its ports.",
	Needs:  []analyze.Kind{analyze.Service, analyze.Deployment},
	Uses:   []analyze.Kind{analyze.Namespace, analyze.Pod, analyze.StatefulSet, analyze.DaemonSet},
	Codes:  []*analyze.Code{samePort, otherPort},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	samePort  = &analyze.Code{ID: "IST0116", Severity: analyze.Warning, Title: "Services disagree on the protocol of a port of a workload", Doc: ist0116}
	otherPort = &analyze.Code{ID: "IST0137", Severity: analyze.Warning, Title: "Ports of Services lead to one port of a workload with different protocols", Doc: ist0137}
)

type service = analyze.Of[core.ServiceSpec]

// entrance is a port of a Service that leads to a workload.
type entrance struct {
	service  service
	index    int
	port     *core.ServicePort
	protocol string
}

func run(pass *analyze.Pass) error {
	behind := map[*analyze.Workload][]service{}
	for service := range pass.Mesh.Services().All() {
		if len(service.Spec.Selector) == 0 {
			continue
		}
		for _, w := range pass.Mesh.Select(service.Namespace, service.Spec.Selector) {
			if w.Cluster == service.Cluster {
				behind[w] = append(behind[w], service)
			}
		}
	}
	for _, w := range pass.Mesh.Workloads() {
		if w.Pod != nil && len(behind[w]) > 0 && !pass.Mesh.Made(w) && pass.Mesh.MembershipOf(w) == analyze.InSidecar {
			check(pass, w, behind[w])
		}
	}
	return nil
}

func check(pass *analyze.Pass, w *analyze.Workload, services []service) {
	byTarget := map[int32][]entrance{}
	for _, service := range services {
		for i := range service.Spec.Ports {
			port := &service.Spec.Ports[i]
			target, ok := resolve(w.Pod, port)
			protocol := family(port)
			if ok && protocol != "UDP" { // the sidecar leaves UDP alone
				byTarget[target] = append(byTarget[target], entrance{service, i, port, protocol})
			}
		}
	}
	for _, target := range sorted(byTarget) {
		if entrances := byTarget[target]; slices.ContainsFunc(entrances, func(e entrance) bool { return e.protocol != entrances[0].protocol }) {
			report(pass, w, target, entrances)
		}
	}
}

func report(pass *analyze.Pass, w *analyze.Workload, target int32, entrances []entrance) {
	code := samePort
	var says []string
	d := analyze.Diagnostic{On: w, Field: w.TemplateField().With("metadata.labels")}
	for _, e := range entrances {
		if e.port.Port != entrances[0].port.Port {
			code = otherPort
		}
		says = append(says, fmt.Sprintf("%s by port %d of Service %s", e.protocol, e.port.Port, e.service.Name))
		d.Related = append(d.Related, analyze.Related{On: e.service, Field: object.Field("spec.ports", e.index), Note: e.protocol})
	}
	d.Code = code
	d.Message = fmt.Sprintf("port %d is %s: the sidecar can take it for one of them only", target, strings.Join(says, ", "))
	pass.Report(d)
}

// resolve finds the port of the pod that a port of a Service leads to.
func resolve(pod *core.PodSpec, port *core.ServicePort) (target int32, ok bool) {
	switch {
	case port.TargetPort.Type == intstr.Int && port.TargetPort.IntVal == 0:
		return port.Port, true
	case port.TargetPort.Type == intstr.Int:
		return port.TargetPort.IntVal, true
	}
	for i := range pod.Containers {
		for _, own := range pod.Containers[i].Ports {
			if own.Name == port.TargetPort.StrVal {
				return own.ContainerPort, true
			}
		}
	}
	return 0, false
}

// family is the kind of listener that a protocol gets: those of HTTP share one.
func family(port *core.ServicePort) string {
	protocol, known := analyze.ServicePortProtocol(port)
	switch {
	case !known:
		return "undeclared"
	case slices.Contains([]string{"HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY"}, protocol):
		return "HTTP"
	case protocol == "HTTPS":
		return "TLS"
	}
	return protocol
}

func sorted(byTarget map[int32][]entrance) []int32 {
	targets := make([]int32, 0, len(byTarget))
	for target := range byTarget {
		targets = append(targets, target)
	}
	slices.Sort(targets)
	return targets
}
