package destinationrule

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// TLS judges how a client encrypts.
func TLS(j *rules.Judge, tls *networking.ClientTLSSettings, at *rules.Place) {
	mode := tls.GetMode()
	simple, mutual := mode == networking.ClientTLSSettings_SIMPLE, mode == networking.ClientTLSSettings_MUTUAL
	if name, ok := strings.CutPrefix(tls.GetCredentialName(), "configmap://"); ok {
		if namespace, _, slash := strings.Cut(name, "/"); slash && namespace != j.On.Namespace {
			j.Wrong(at.Field("credentialName"), "a ConfigMap can be read from the namespace of the resource alone, which is %s", j.On.Namespace)
		}
	}
	if tls.GetInsecureSkipVerify().GetValue() && (simple || mutual) {
		unverified(j, tls, simple, at)
	}
	if (simple || mutual) && tls.GetCredentialName() != "" {
		withoutFiles(j, tls, at)
		return
	}
	if mutual && tls.GetClientCertificate() == "" {
		j.Wrong(at, "mode MUTUAL needs a certificate: a credentialName, or clientCertificate and privateKey")
	}
	if mutual && tls.GetPrivateKey() == "" && tls.GetClientCertificate() != "" {
		j.Wrong(at, "mode MUTUAL needs the privateKey of its clientCertificate")
	}
}

// unverified wants nothing that a certificate would be verified with.
func unverified(j *rules.Judge, tls *networking.ClientTLSSettings, simple bool, at *rules.Place) {
	const why = "insecureSkipVerify means that certificates are not verified, so %s is of no use"
	if tls.GetCaCertificates() != "" {
		j.Wrong(at.Field("caCertificates"), why, "caCertificates")
	}
	if len(tls.GetSubjectAltNames()) > 0 {
		j.Wrong(at.Field("subjectAltNames"), why, "subjectAltNames")
	}
	if simple && tls.GetCredentialName() != "" {
		j.Wrong(at.Field("credentialName"), why, "credentialName")
	}
}

// withoutFiles wants that what comes from a Secret does not come from files too.
func withoutFiles(j *rules.Judge, tls *networking.ClientTLSSettings, at *rules.Place) {
	for _, file := range [...]struct{ name, path string }{
		{"clientCertificate", tls.GetClientCertificate()},
		{"privateKey", tls.GetPrivateKey()},
		{"caCertificates", tls.GetCaCertificates()},
		{"caCrl", tls.GetCaCrl()},
	} {
		if file.path != "" {
			j.Wrong(at.Field(file.name), "certificates come from %s already, so there cannot be a file in %s", tls.GetCredentialName(), file.name)
		}
	}
}
