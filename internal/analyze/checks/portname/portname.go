// Package portname finds ports of Services whose protocol istiod has to guess.
package portname

import (
	_ "embed"

	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0118.md
var ist0118 string

//go:embed IST0150.md
var ist0150 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "portname",
	Legacy: []string{"service.PortNameAnalyzer"},
	Doc:    "Ports of Services say which protocol they speak.",
	Needs:  []analyze.Kind{analyze.Service},
	Codes:  []*analyze.Code{guessed, external},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	guessed  = &analyze.Code{ID: "IST0118", Severity: analyze.Info, Title: "The name of a port does not say its protocol", Doc: ist0118, Aliases: []string{"KIA0601"}}
	external = &analyze.Code{ID: "IST0150", Severity: analyze.Warning, Title: "A port of an ExternalName service captures all addresses", Doc: ist0150}
)

func run(pass *analyze.Pass) error {
	for service := range pass.Mesh.Services().All() {
		if belongsToIstio(service.Resource) {
			continue
		}
		for i := range service.Spec.Ports {
			port := &service.Spec.Ports[i]
			_, known := analyze.ServicePortProtocol(port)
			at := object.Field("spec.ports", i, "name")
			switch {
			case service.Spec.Type == core.ServiceTypeExternalName && (!known || port.Name == "tcp"):
				pass.Reportf(external, service, at, "port %d of this ExternalName service is taken for TCP: name it after its protocol, such as https-%s", port.Port, service.Name)
			case !known:
				report(pass, service, i, at)
			}
		}
	}
	return nil
}

func report(pass *analyze.Pass, service analyze.Of[core.ServiceSpec], i int, at object.Path) {
	port := &service.Spec.Ports[i]
	if port.Name == "" {
		pass.Reportf(guessed, service, at, "port %d has no name, so its protocol is guessed from the traffic", port.Port)
		return
	}
	pass.Reportf(guessed, service, at, "the name %q of port %d does not say its protocol, which is guessed from the traffic: call it tcp-%[1]s or http-%[1]s", port.Name, port.Port)
}

// belongsToIstio knows the services of the control plane and of generated gateways.
func belongsToIstio(r *analyze.Resource) bool {
	if analyze.OfControlPlane(r.Labels) {
		return true
	}
	switch r.Labels["gateway.istio.io/managed"] {
	case "istio.io-gateway-controller", "istio.io-mesh-controller", "istio.io-eastwest-controller":
		return true
	}
	return false
}
