// Package credential finds Secrets of gateways that do not exist, and those
// that gateways cannot use.
package credential

import (
	_ "embed"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0161.md
var ist0161 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "credential",
	Legacy: []string{"gateway.SecretAnalyzer"},
	Doc:    "The Secrets of gateways exist where the gateways run, and have what they need.",
	Needs:  []analyze.Kind{analyze.Gateway, analyze.Secret},
	Uses: []analyze.Kind{
		analyze.DestinationRule, analyze.K8sGateway, analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet,
	},
	Codes: []*analyze.Code{codes.NotFound, unusable},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unusable = &analyze.Code{ID: "IST0161", Severity: analyze.Error, Title: "A gateway cannot use its certificate", Doc: ist0161}

func run(pass *analyze.Pass) error {
	homes := pass.Mesh.GatewayHomes()
	for gateway := range pass.Mesh.Gateways().All() {
		namespaces := homes[gateway.Resource]
		if len(namespaces) == 0 {
			pass.Report(codes.Nowhere(pass.Mesh, gateway)) // nobody knows where its Secrets belong
			continue
		}
		for _, server := range analyze.ServersOf(gateway) {
			ofServer(pass, server, namespaces)
		}
	}
	everywhere := gatewayNamespaces(pass.Mesh)
	for rule := range pass.Mesh.DestinationRules().All() {
		ofRule(pass, rule, everywhere)
	}
	return nil
}

func ofServer(pass *analyze.Pass, server *analyze.Server, namespaces []string) {
	refs := server.Credentials()
	for i, ref := range refs {
		u := use{on: server.Gateway.Resource, ref: ref, proxies: namespaces, pair: true, what: "the server of " + hosts(server) + " has no certificate"}
		// Several credentials have one CA, that of the first.
		u.ca = i == 0 && server.AsksClients() && server.GetTls().GetCaCertCredentialName() == ""
		u.check(pass)
	}
	if name := server.GetTls().GetCaCertCredentialName(); server.AsksClients() && analyze.InSecret(name) {
		u := use{on: server.Gateway.Resource, ref: analyze.CredentialRef{Name: name, Field: server.Field.With("tls.caCertCredentialName")}, proxies: namespaces, ca: true}
		u.what = "the server of " + hosts(server) + " cannot check the certificates of its clients"
		u.check(pass)
	}
}

func hosts(server *analyze.Server) string {
	switch len(server.Hosts) {
	case 0:
		return "no host"
	case 1:
		return server.Hosts[0].Host
	}
	return server.Hosts[0].Host + " and others"
}

// gatewayNamespaces are those in which any gateway runs.
func gatewayNamespaces(mesh *analyze.Mesh) []string {
	seen := map[string]bool{}
	var namespaces []string
	add := func(namespace string) {
		if !seen[namespace] {
			seen[namespace] = true
			namespaces = append(namespaces, namespace)
		}
	}
	for _, set := range mesh.GatewaySets() {
		for _, w := range set.Workloads {
			add(w.Namespace)
		}
	}
	for gateway := range mesh.K8sGateways().All() {
		add(gateway.Namespace)
	}
	return namespaces
}

// ofRule looks at credentials with which clients connect: gateways always,
// sidecars where the rule chooses them.
func ofRule(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule], gateways []string) {
	policy := func(policy *networking.TrafficPolicy, at ...any) {
		if policy == nil {
			return
		}
		field := object.Field(at...)
		ofClients(pass, rule, policy.GetTls(), field.With("tls"), gateways)
		for i, port := range policy.GetPortLevelSettings() {
			ofClients(pass, rule, port.GetTls(), field.With("portLevelSettings", i, "tls"), gateways)
		}
	}
	policy(rule.Spec.GetTrafficPolicy(), "spec.trafficPolicy")
	for i, subset := range rule.Spec.GetSubsets() {
		policy(subset.GetTrafficPolicy(), "spec.subsets", i, "trafficPolicy")
	}
}

func ofClients(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule], tls *networking.ClientTLSSettings, at object.Path, gateways []string) {
	mode := tls.GetMode()
	if !analyze.InSecret(tls.GetCredentialName()) || mode != networking.ClientTLSSettings_SIMPLE && mode != networking.ClientTLSSettings_MUTUAL {
		return
	}
	u := use{
		on: rule.Resource, ref: analyze.CredentialRef{Name: tls.GetCredentialName(), Field: at.With("credentialName")}, proxies: gateways, anywhere: true,
		pair: mode == networking.ClientTLSSettings_MUTUAL, ca: !tls.GetInsecureSkipVerify().GetValue(),
		what: "clients cannot connect to " + rule.Spec.GetHost(),
	}
	if rule.Spec.GetWorkloadSelector() != nil {
		u.proxies, u.anywhere = []string{rule.Namespace}, false
	}
	u.check(pass)
}
