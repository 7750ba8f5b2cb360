// Package servercertificate finds DestinationRules whose clients do not check
// the certificates of servers, or cannot.
package servercertificate

import (
	_ "embed"
	"fmt"
	"net/netip"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0128.md
var ist0128 string

//go:embed IST0129.md
var ist0129 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "servercertificate",
	Legacy: []string{"destinationrule.CaCertificateAnalyzer"},
	Doc:    "Clients check the certificates of the servers that DestinationRules have them speak TLS with.",
	Needs:  []analyze.Kind{analyze.DestinationRule},
	Uses:   []analyze.Kind{analyze.Service, analyze.ServiceEntry},
	Codes:  []*analyze.Code{ofHost, ofPort},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	ofHost = &analyze.Code{ID: "IST0128", Severity: analyze.Warning, Title: "Clients of a host do not check its certificate against a CA of their own", Doc: ist0128}
	ofPort = &analyze.Code{ID: "IST0129", Severity: analyze.Warning, Title: "Clients of a port do not check its certificate against a CA of their own", Doc: ist0129}
)

func run(pass *analyze.Pass) error {
	for rule := range pass.Mesh.DestinationRules().All() {
		checkPolicy(pass, rule, rule.Spec.GetTrafficPolicy(), object.Field("spec.trafficPolicy"))
		for i, subset := range rule.Spec.GetSubsets() {
			checkPolicy(pass, rule, subset.GetTrafficPolicy(), object.Field("spec.subsets", i, "trafficPolicy"))
		}
	}
	return nil
}

func checkPolicy(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule], policy *networking.TrafficPolicy, at object.Path) {
	checkTLS(pass, ofHost, rule, policy.GetTls(), at.With("tls"))
	for i, port := range policy.GetPortLevelSettings() {
		checkTLS(pass, ofPort, rule, port.GetTls(), at.With("portLevelSettings", i, "tls"))
	}
}

func checkTLS(pass *analyze.Pass, code *analyze.Code, rule analyze.Of[networking.DestinationRule], tls *networking.ClientTLSSettings, at object.Path) {
	if mode := tls.GetMode(); mode != networking.ClientTLSSettings_SIMPLE && mode != networking.ClientTLSSettings_MUTUAL {
		return
	}
	if tls.GetInsecureSkipVerify().GetValue() {
		pass.Reportf(code, rule, at.With("insecureSkipVerify"), "clients of %s take any certificate: whoever gets in between reads and changes what they send", rule.Spec.GetHost())
		return
	}
	// What a credential holds comes with its CA. Sidecars use one only where
	// the rule chooses them.
	if tls.GetCaCertificates() != "" || tls.GetCredentialName() != "" && rule.Spec.GetWorkloadSelector() != nil {
		return
	}
	finding := analyze.Diagnostic{Code: code, On: rule, Field: at.With("caCertificates")}
	who := "clients"
	if tls.GetCredentialName() != "" {
		who = "sidecars, which do not use the credential without a workloadSelector in the rule,"
	}
	if why := private(pass.Mesh, rule); why != "" {
		finding.Message = fmt.Sprintf("%s of %s check its certificate against the public CAs of their image, which do not know it as %s: connections fail unless caCertificates names its CA", who, rule.Spec.GetHost(), why)
	} else {
		finding.Severity = analyze.Info
		finding.Message = fmt.Sprintf("%s of %s take a certificate of any public CA: caCertificates can name the one to trust", who, rule.Spec.GetHost())
	}
	pass.Report(finding)
}

// private says why no public CA vouches for a host, if so.
func private(mesh *analyze.Mesh, rule analyze.Of[networking.DestinationRule]) string {
	host := mesh.FQDN(rule.Spec.GetHost(), rule.Namespace)
	if suffix := "." + mesh.Settings.ClusterDomain; strings.HasSuffix(host, suffix) {
		return "it is a service of the cluster"
	}
	if host == "*" {
		return "the rule holds for services of the cluster too"
	}
	if address, err := netip.ParseAddr(host); err == nil {
		if address.IsPrivate() || address.IsLoopback() {
			return "its address is private"
		}
		return ""
	}
	// Names that cannot be registered.
	for _, suffix := range []string{".local", ".internal", ".localhost", ".home.arpa", ".test", ".lan", ".corp", ".home"} {
		if strings.HasSuffix(strings.ToLower(host), suffix) {
			return suffix + " names are not public"
		}
	}
	for _, found := range mesh.LookupFQDN(rule.Namespace, host) {
		if found.Entry.GetLocation() == networking.ServiceEntry_MESH_INTERNAL {
			return found.String() + " has it inside the mesh"
		}
	}
	return ""
}
