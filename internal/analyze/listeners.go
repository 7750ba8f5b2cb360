package analyze

import (
	"slices"
	"strings"

	gateway "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// Listener is where a Gateway of the Gateway API takes connections: one of its
// own, or one that a ListenerSet adds to it.
type Listener struct {
	// On is the Gateway or the ListenerSet, and Field where it has the listener.
	On    *Resource
	Field object.Path
	Name  string
	// Hostname is in lower case, and a star where the listener takes all.
	Hostname string
	Port     int32
	// Protocol is HTTP, HTTPS, TLS, TCP or UDP, or one of somebody's own.
	Protocol string
	TLS      *gateway.ListenerTLSConfig
}

// Terminates says whether the listener has the certificate of its hosts, and
// does not pass TLS on.
func (l *Listener) Terminates() bool {
	return l.TLS != nil && (l.TLS.Mode == nil || *l.TLS.Mode != gateway.TLSModePassthrough)
}

// OfIstio says whether istiod takes care of a Gateway of the Gateway API, as its
// class says.
func (m *Mesh) OfIstio(of Of[gateway.GatewaySpec]) bool {
	name := string(of.Spec.GatewayClassName)
	if class, ok := m.GatewayClasses().Get("", name); ok {
		return class.Spec.ControllerName == "istio.io/gateway-controller"
	}
	return name == "istio" || name == "istio-remote"
}

// ListenersOf are the listeners of a Gateway, in the order in which istiod takes
// them: its own before those of ListenerSets, of which the oldest is first.
func (m *Mesh) ListenersOf(of Of[gateway.GatewaySpec]) []Listener {
	var all []Listener
	for i := range of.Spec.Listeners {
		l := &of.Spec.Listeners[i]
		all = append(all, newListener(of.Resource, i, string(l.Name), l.Hostname, l.Port, l.Protocol, l.TLS))
	}
	var sets []Of[gateway.ListenerSetSpec]
	for set := range m.ListenerSets().All() {
		ref := set.Spec.ParentRef
		namespace := set.Namespace
		if ref.Namespace != nil {
			namespace = string(*ref.Namespace)
		}
		isGateway := (ref.Kind == nil || *ref.Kind == "Gateway") && string(ref.Name) == of.Name && namespace == of.Namespace
		if isGateway && admits(of, set.Namespace) {
			sets = append(sets, set)
		}
	}
	slices.SortStableFunc(sets, func(a, b Of[gateway.ListenerSetSpec]) int { return byAge(a.Resource, b.Resource) })
	for _, set := range sets {
		for i := range set.Spec.Listeners {
			l := &set.Spec.Listeners[i]
			all = append(all, newListener(set.Resource, i, string(l.Name), l.Hostname, l.Port, l.Protocol, l.TLS))
		}
	}
	return all
}

// admits says whether a Gateway takes ListenerSets of a namespace. Of a selector
// nobody here knows; it is taken to choose the namespace.
func admits(of Of[gateway.GatewaySpec], namespace string) bool {
	if of.Spec.AllowedListeners == nil || of.Spec.AllowedListeners.Namespaces == nil || of.Spec.AllowedListeners.Namespaces.From == nil {
		return false
	}
	switch *of.Spec.AllowedListeners.Namespaces.From {
	case gateway.NamespacesFromAll, gateway.NamespacesFromSelector:
		return true
	case gateway.NamespacesFromSame:
		return namespace == of.Namespace
	}
	return false
}

func newListener(on *Resource, number int, name string, hostname *gateway.Hostname, port gateway.PortNumber, protocol gateway.ProtocolType, tls *gateway.ListenerTLSConfig) Listener {
	l := Listener{On: on, Field: object.Field("spec.listeners", number), Name: name, Hostname: "*", Port: port, Protocol: strings.ToUpper(string(protocol)), TLS: tls}
	if hostname != nil && *hostname != "" {
		l.Hostname = strings.ToLower(string(*hostname))
	}
	return l
}
