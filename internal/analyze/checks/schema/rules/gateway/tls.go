package gateway

import (
	"slices"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func passes(tls *networking.ServerTLSSettings) bool {
	return tls.GetMode() == networking.ServerTLSSettings_PASSTHROUGH || tls.GetMode() == networking.ServerTLSSettings_AUTO_PASSTHROUGH
}

// TLS judges how a server encrypts.
func TLS(j *rules.Judge, tls *networking.ServerTLSSettings, at *rules.Place) {
	ciphers(j, tls, at)
	switch {
	case tls.GetMode() == networking.ServerTLSSettings_ISTIO_MUTUAL:
		for _, source := range sources(tls) {
			j.Wrong(at.Field(source), "with mode ISTIO_MUTUAL all certificates come from Istio: leave %s out", source)
		}
	case passes(tls):
		for _, source := range sources(tls) {
			j.Doubt(at.Field(source), "with mode %s the server does not decrypt, so %s is not used", tls.GetMode(), source)
		}
	default:
		certificates(j, tls, at)
	}
}

// sources are the fields that say where certificates are.
func sources(tls *networking.ServerTLSSettings) []string {
	var found []string
	for _, field := range [...]struct {
		name string
		set  bool
	}{
		{"serverCertificate", tls.GetServerCertificate() != ""},
		{"privateKey", tls.GetPrivateKey() != ""},
		{"caCertificates", tls.GetCaCertificates() != ""},
		{"caCrl", tls.GetCaCrl() != ""},
		{"credentialName", tls.GetCredentialName() != ""},
		{"credentialNames", len(tls.GetCredentialNames()) > 0},
		{"tlsCertificates", len(tls.GetTlsCertificates()) > 0},
	} {
		if field.set {
			found = append(found, field.name)
		}
	}
	return found
}

// certificates wants that what a server shows comes from one place, and is there.
func certificates(j *rules.Judge, tls *networking.ServerTLSSettings, at *rules.Place) {
	files := tls.GetServerCertificate() != "" || tls.GetPrivateKey() != ""
	secret := tls.GetCredentialName() != "" || len(tls.GetCredentialNames()) > 0
	used := 0
	for _, source := range [...]bool{tls.GetCredentialName() != "", len(tls.GetCredentialNames()) > 0, len(tls.GetTlsCertificates()) > 0, files} {
		if source {
			used++
		}
	}
	if used > 1 {
		j.Wrong(at, "certificates come from one place: credentialName, credentialNames, tlsCertificates, or serverCertificate and privateKey")
	}
	simple := tls.GetMode() == networking.ServerTLSSettings_SIMPLE
	if tls.GetCaCrl() != "" && (secret || simple) {
		j.Wrong(at.Field("caCrl"), "revoked certificates of clients are read from a file only in mode MUTUAL without credentialName")
	}
	if len(tls.GetTlsCertificates()) > 2 {
		j.Doubt(at.Field("tlsCertificates").Item(2), "two certificates are used, one of RSA and one of ECDSA: this one is not")
	}
	if secret {
		return
	}
	switch {
	case len(tls.GetTlsCertificates()) > 0:
		pairs(j, tls.GetTlsCertificates(), at.Field("tlsCertificates"))
	case tls.GetServerCertificate() == "" && tls.GetPrivateKey() == "":
		j.Wrong(at, "mode %s needs a certificate: a credentialName, or serverCertificate and privateKey", tls.GetMode())
	case tls.GetServerCertificate() == "":
		j.Wrong(at, "mode %s needs the serverCertificate that privateKey is for", tls.GetMode())
	case tls.GetPrivateKey() == "":
		j.Wrong(at, "mode %s needs the privateKey of its serverCertificate", tls.GetMode())
	}
	if !simple && tls.GetCaCertificates() == "" && tls.GetCaCertCredentialName() == "" {
		j.Wrong(at, "mode %s needs caCertificates to verify clients with", tls.GetMode())
	}
}

func pairs(j *rules.Judge, certificates []*networking.ServerTLSSettings_TLSCertificate, at *rules.Place) {
	for i, one := range certificates {
		if one.GetServerCertificate() == "" || one.GetPrivateKey() == "" {
			j.Wrong(at.Item(i), "a certificate needs both serverCertificate and privateKey")
		}
	}
}

func ciphers(j *rules.Judge, tls *networking.ServerTLSSettings, at *rules.Place) {
	suites := tls.GetCipherSuites()
	for i, suite := range suites {
		switch {
		case slices.Contains(suites[:i], suite):
			j.Doubt(at.Field("cipherSuites").Item(i), "%s is there twice", suite)
		case !isCipher(suite):
			j.Doubt(at.Field("cipherSuites").Item(i), "Envoy knows no cipher %q and leaves it out", suite)
		}
	}
	switch version := tls.GetMinProtocolVersion(); version {
	case networking.ServerTLSSettings_TLSV1_0, networking.ServerTLSSettings_TLSV1_1:
		if len(suites) == 0 {
			j.Doubt(at.Field("minProtocolVersion"), "the ciphers of %s are not among the usual ones: list cipherSuites that it can use, or leave this out", version)
		}
	}
}

// isCipher knows the names of BoringSSL.
func isCipher(name string) bool {
	switch name {
	case "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
		"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA",
		"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305",
		"ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA",
		"ECDHE-PSK-CHACHA20-POLY1305", "ECDHE-PSK-AES128-CBC-SHA", "ECDHE-PSK-AES256-CBC-SHA",
		"AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA",
		"PSK-AES128-CBC-SHA", "PSK-AES256-CBC-SHA", "DES-CBC3-SHA":
		return true
	}
	return false
}
