// Package certificate finds certificates of gateways that clients will not take
// for the hosts they are for, or not for long.
package certificate

import (
	_ "embed"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
	gateway "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH4002.md
var msh4002 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "certificate",
	Doc:   "The certificates of gateways are for the hosts they serve, strong enough, and good for some time yet.",
	Needs: []analyze.Kind{analyze.Secret},
	Uses: []analyze.Kind{
		analyze.Gateway, analyze.K8sGateway, analyze.ListenerSet, analyze.GatewayClass, analyze.ReferenceGrant,
		analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet,
	},
	Codes: []*analyze.Code{unfit},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unfit = &analyze.Code{ID: "MSH4002", Severity: analyze.Error, Title: "A certificate does not do for the hosts it is for", Doc: msh4002}

func run(pass *analyze.Pass) error {
	homes := pass.Mesh.GatewayHomes()
	for of := range pass.Mesh.Gateways().All() {
		for _, server := range analyze.ServersOf(of) {
			if terminates(server.GetTls()) {
				checkServer(pass, server, homes[of.Resource])
			}
		}
	}
	for of := range pass.Mesh.K8sGateways().All() {
		if pass.Mesh.OfIstio(of) {
			for _, listener := range pass.Mesh.ListenersOf(of) {
				checkListener(pass, &listener)
			}
		}
	}
	return nil
}

func terminates(tls *networking.ServerTLSSettings) bool {
	switch tls.GetMode() {
	case networking.ServerTLSSettings_SIMPLE, networking.ServerTLSSettings_MUTUAL, networking.ServerTLSSettings_OPTIONAL_MUTUAL:
		return tls != nil && !tls.GetHttpsRedirect()
	}
	return false
}

// reference is a credential as a server refers to it.
type reference struct {
	name string
	at   object.Path
}

// checkServer looks at the Secrets of a server. Where the workloads are not
// known, those in the namespace of the Gateway are taken to be meant. One of
// several certificates is enough for a host.
func checkServer(pass *analyze.Pass, server *analyze.Server, namespaces []string) {
	if len(namespaces) == 0 {
		namespaces = []string{server.Gateway.Namespace}
	}
	var refs []reference
	if name := server.GetTls().GetCredentialName(); name != "" {
		refs = append(refs, reference{name, server.Field.With("tls.credentialName")})
	}
	for i, name := range server.GetTls().GetCredentialNames() {
		refs = append(refs, reference{name, server.Field.With("tls.credentialNames", i)})
	}
	var hosts []analyze.ServerHost
	hosts = append(hosts, server.Hosts...)
	for _, namespace := range namespaces {
		b := bundle{on: server.Gateway.Resource}
		for _, ref := range refs {
			home, name := namespace, ref.name
			if strings.Contains(name, "://") {
				return // Secrets are not where these come from
			}
			if other, plain, ok := strings.Cut(name, "/"); ok {
				home, name = other, plain
			}
			b.add(pass.Mesh, home, name, ref.at)
		}
		for _, host := range hosts {
			b.cover(pass, host.Host, host.Field)
		}
		b.quality(pass)
	}
}

// checkListener looks at the Secrets of a listener of the Gateway API: they are
// in its namespace, or in one that lets it have them.
func checkListener(pass *analyze.Pass, l *analyze.Listener) {
	if !l.Terminates() || l.Protocol != "HTTPS" && l.Protocol != "TLS" {
		return
	}
	b := bundle{on: l.On}
	for i, ref := range l.TLS.CertificateRefs {
		if ref.Kind != nil && *ref.Kind != "Secret" || ref.Group != nil && *ref.Group != "" {
			return
		}
		at, home := l.Field.With("tls.certificateRefs", i), l.On.Namespace
		if ref.Namespace != nil && string(*ref.Namespace) != home {
			home = string(*ref.Namespace)
			if !granted(pass.Mesh, l.On, home, string(ref.Name)) {
				pass.Report(analyze.Diagnostic{
					Code: unfit, On: l.On, Field: at.With("namespace"), Absent: analyze.Absences(home, analyze.ReferenceGrant),
					Message: "no ReferenceGrant in " + home + " lets a " + l.On.Kind.Name() + " of " + l.On.Namespace + " have Secret " + string(ref.Name) + ": listener " + l.Name + " has no certificate",
				})
				continue
			}
		}
		if !b.add(pass.Mesh, home, string(ref.Name), at) {
			pass.Report(analyze.Diagnostic{
				Code: unfit, On: l.On, Field: at.With("name"), Absent: analyze.Absences(home, analyze.Secret),
				Message: "there is no Secret " + home + "/" + string(ref.Name) + ": listener " + l.Name + " has no certificate",
			})
		}
	}
	b.cover(pass, l.Hostname, l.Field.With("hostname"))
	b.quality(pass)
}

// granted says whether a namespace lets a resource of another one have a Secret.
func granted(mesh *analyze.Mesh, on *analyze.Resource, namespace, name string) bool {
	for grant := range mesh.ReferenceGrants().In(namespace) {
		from := slices.ContainsFunc(grant.Spec.From, func(f gateway.ReferenceGrantFrom) bool {
			return string(f.Kind) == on.Kind.Name() && string(f.Group) == on.Kind.Group() && string(f.Namespace) == on.Namespace
		})
		to := slices.ContainsFunc(grant.Spec.To, func(t gateway.ReferenceGrantTo) bool {
			return t.Kind == "Secret" && t.Group == "" && (t.Name == nil || string(*t.Name) == name)
		})
		if from && to {
			return true
		}
	}
	return false
}
