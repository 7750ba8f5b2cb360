package analyze

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/object"
)

// CredentialRef is where a server of a Gateway names a Secret.
type CredentialRef struct {
	Name  string
	Field object.Path
}

// Namespace is where the Secret is, for a proxy that runs in a namespace.
func (r CredentialRef) Namespace(proxy string) (namespace, name string) {
	if namespace, name, ok := strings.Cut(r.Name, "/"); ok {
		return namespace, name
	}
	return proxy, r.Name
}

// Terminates says whether a server has a certificate of its own: it does not
// hand TLS on, and does not use that of the mesh.
func (s *Server) Terminates() bool {
	switch s.GetTls().GetMode() {
	case networking.ServerTLSSettings_SIMPLE, networking.ServerTLSSettings_MUTUAL, networking.ServerTLSSettings_OPTIONAL_MUTUAL:
		return s.Secure()
	}
	return false
}

// AsksClients says whether a server looks at certificates of clients.
func (s *Server) AsksClients() bool {
	mode := s.GetTls().GetMode()
	return s.Secure() && (mode == networking.ServerTLSSettings_MUTUAL || mode == networking.ServerTLSSettings_OPTIONAL_MUTUAL)
}

// Credentials are the Secrets that a server has its certificates from.
func (s *Server) Credentials() []CredentialRef {
	if !s.Terminates() {
		return nil
	}
	at := s.Field.With("tls")
	var refs []CredentialRef
	if name := s.GetTls().GetCredentialName(); InSecret(name) {
		refs = append(refs, CredentialRef{name, at.With("credentialName")})
	}
	for i, name := range s.GetTls().GetCredentialNames() {
		if InSecret(name) {
			refs = append(refs, CredentialRef{name, at.With("credentialNames", i)})
		}
	}
	return refs
}

// InSecret says whether a credentialName is that of a Secret: it can also be
// that of a ConfigMap, or of something built in.
func InSecret(name string) bool { return name != "" && !strings.Contains(name, "://") }
