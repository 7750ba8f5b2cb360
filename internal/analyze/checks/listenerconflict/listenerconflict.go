// Package listenerconflict finds listeners of the Gateway API that istiod leaves
// out, because another one has their port in another way or their host.
package listenerconflict

import (
	_ "embed"
	"fmt"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed MSH4001.md
var msh4001 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "listenerconflict",
	Doc:   "The listeners of a Gateway of the Gateway API, with those of its ListenerSets, do not keep each other out.",
	Needs: []analyze.Kind{analyze.K8sGateway},
	Uses:  []analyze.Kind{analyze.ListenerSet, analyze.GatewayClass},
	Codes: []*analyze.Code{dropped},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var dropped = &analyze.Code{ID: "MSH4001", Severity: analyze.Error, Title: "A listener is left out", Doc: msh4001}

func run(pass *analyze.Pass) error {
	for gateway := range pass.Mesh.K8sGateways().All() {
		if !pass.Mesh.OfIstio(gateway) {
			continue
		}
		ports := map[int32]*port{}
		listeners := pass.Mesh.ListenersOf(gateway)
		for i := range listeners {
			l := &listeners[i]
			if family(l) == "" {
				continue
			}
			if ports[l.Port] == nil {
				ports[l.Port] = &port{first: l, secure: map[string]*analyze.Listener{}}
			}
			if winner, why := ports[l.Port].take(l); winner != nil {
				report(pass, l, winner, why)
			}
		}
	}
	return nil
}

// port is what listens on a port so far.
type port struct {
	first *analyze.Listener
	// secure are the listeners with TLS by their hosts.
	secure map[string]*analyze.Listener
}

// take adds a listener, or says which one is in its way.
func (p *port) take(l *analyze.Listener) (winner *analyze.Listener, why string) {
	switch own, first := family(l), family(p.first); {
	case p.first != l && (own != first || own == "TCP"):
		return p.first, fmt.Sprintf("port %d is for %s by then, and %s does not go with it", l.Port, p.first.Protocol, l.Protocol)
	case own == "TLS":
		if taken := p.secure[l.Hostname]; taken != nil {
			return taken, fmt.Sprintf("TLS for host %s on port %d is taken by then", l.Hostname, l.Port)
		}
		p.secure[l.Hostname] = l
	}
	return nil, ""
}

// family are protocols that can share a port; it is empty for those that istiod
// does not know.
func family(l *analyze.Listener) string {
	switch l.Protocol {
	case "HTTP", "TCP", "TLS":
		return l.Protocol
	case "HTTPS":
		return "TLS"
	}
	return ""
}

func report(pass *analyze.Pass, l, winner *analyze.Listener, why string) {
	of := "listener " + winner.Name
	if winner.On != l.On {
		of += " of " + winner.On.String()
	}
	at := "port"
	if family(l) == "TLS" && family(winner) == "TLS" {
		at = "hostname"
	}
	pass.Report(analyze.Diagnostic{
		Code: dropped, On: l.On, Field: l.Field.With(at), Message: fmt.Sprintf("istiod leaves listener %s out, because of %s: %s", l.Name, of, why),
		Related: []analyze.Related{{On: winner.On, Field: winner.Field.With(at), Note: "what is in the way"}},
	})
}
