package virtualservice

import (
	"strings"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// gateways wants names of gateways: name, namespace/name, or in the old way
// name.namespace.svc.cluster.local.
func (s *scope) gateways(names []string, at *rules.Place) {
	for i, name := range names {
		namespace, gateway, slash := strings.Cut(name, "/")
		switch {
		case !slash && strings.Contains(name, "."):
			s.longGateway(name, at.Item(i))
		case !slash:
			if fault := rules.DomainFault(name); fault != "" {
				s.Wrong(at.Item(i), "gateway %q %s", name, fault)
			}
		case namespace == "" || gateway == "":
			s.Wrong(at.Item(i), "%q lacks what belongs on one side of the slash: namespace/name", name)
		case !rules.IsLabel(namespace):
			s.Wrong(at.Item(i), "%q before the slash is no name of a namespace", namespace)
		case !rules.IsLabel(gateway):
			s.Wrong(at.Item(i), "%q after the slash is no name of a gateway", gateway)
		}
	}
}

func (s *scope) longGateway(name string, at *rules.Place) {
	if fault := rules.DomainFault(name); fault != "" {
		s.Wrong(at, "gateway %q %s", name, fault)
		return
	}
	parts := strings.SplitN(name, ".", 3)
	s.Doubt(at, "gateway %q is named in the old way: write %s/%s", name, parts[1], parts[0])
}
