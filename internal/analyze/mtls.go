package analyze

import (
	"strconv"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/object"
)

// MtlsMode is what the proxy of a workload accepts on a port.
type MtlsMode = security.PeerAuthentication_MutualTLS_Mode

// The modes that a port can have; unset ones are inherited.
const (
	MtlsDisabled   = security.PeerAuthentication_MutualTLS_DISABLE
	MtlsPermissive = security.PeerAuthentication_MutualTLS_PERMISSIVE
	MtlsStrict     = security.PeerAuthentication_MutualTLS_STRICT
	mtlsUnset      = security.PeerAuthentication_MutualTLS_UNSET
)

// ServerMtls is the mode of a port of a workload, and what decides it.
type ServerMtls struct {
	Mode MtlsMode
	// By is the PeerAuthentication that decides, nil if the mode is the default.
	By *Policy
	// Field is where it does.
	Field object.Path
}

// MtlsOf is what the proxy of a workload accepts on one of its own ports, which
// are not those of its services: as its PeerAuthentication says for the port,
// else for the workload, else that of the namespace, else that of the mesh. The
// oldest of a level counts. Selectors in the root namespace choose nothing.
func (m *Mesh) MtlsOf(w *Workload, port uint32) ServerMtls {
	mode := ServerMtls{Mode: MtlsPermissive}
	peers := m.indexes.peers()
	own := peers.own[w]
	for _, policy := range []*Policy{peers.defaults[m.RootNamespace()], peers.defaults[w.Namespace], own} {
		if set := peer(policy).GetMtls().GetMode(); set != mtlsUnset {
			mode = ServerMtls{Mode: set, By: policy, Field: object.Field("spec.mtls.mode")}
		}
	}
	if set := peer(own).GetPortLevelMtls()[port].GetMode(); set != mtlsUnset {
		mode = ServerMtls{Mode: set, By: own, Field: object.Field("spec.portLevelMtls").Key(strconv.FormatUint(uint64(port), 10)).With("mode")}
	}
	return mode
}

func peer(policy *Policy) *security.PeerAuthentication {
	if policy == nil {
		return nil
	}
	spec, _ := policy.body.(*security.PeerAuthentication)
	return spec
}

// peers are the PeerAuthentications that decide: those that select a workload,
// and those of whole namespaces.
type peers struct {
	own      map[*Workload]*Policy
	defaults map[string]*Policy
}

func newPeers(m *Mesh) *peers {
	return &peers{own: m.selected(PeerAuthentication), defaults: m.unselective(PeerAuthentication)}
}

// selected finds the policy of a kind that selects a workload: the oldest of
// its namespace.
func (m *Mesh) selected(kind Kind) map[*Workload]*Policy {
	of := map[*Workload]*Policy{}
	for _, policy := range m.Policies(kind, "") {
		if len(policy.Labels) == 0 || kind == PeerAuthentication && policy.Namespace == m.RootNamespace() {
			continue // istiod takes none of the root namespace for a single workload
		}
		for _, w := range m.Select(policy.Namespace, policy.Labels) {
			if of[w] == nil {
				of[w] = policy
			}
		}
	}
	return of
}

// unselective finds the policy of a kind that is for all of a namespace: the oldest.
func (m *Mesh) unselective(kind Kind) map[string]*Policy {
	of := map[string]*Policy{}
	for _, policy := range m.Policies(kind, "") {
		if len(policy.Labels) == 0 && of[policy.Namespace] == nil {
			of[policy.Namespace] = policy
		}
	}
	return of
}
