package certificate

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// bundle are the certificates that a server or listener has to offer.
type bundle struct {
	on   *analyze.Resource
	have []offer
	// unread is true if there is one that cannot be read, which is said elsewhere.
	unread bool
}

// offer is a certificate and where the server refers to it.
type offer struct {
	*analyze.Credential
	at object.Path
}

// add adds a Secret; it returns false if there is none.
func (b *bundle) add(mesh *analyze.Mesh, namespace, name string, at object.Path) bool {
	credential, ok := mesh.Credential(namespace, name)
	switch {
	case !ok:
		b.unread = true
		return false
	case credential.Err != nil:
		b.unread = true
	default:
		b.have = append(b.have, offer{credential, at})
	}
	return true
}

// cover says so if no certificate is for a host.
func (b *bundle) cover(pass *analyze.Pass, host string, at object.Path) {
	host = strings.ToLower(host)
	if host == "*" || host == "" || len(b.have) == 0 || b.unread {
		return
	}
	for _, one := range b.have {
		if covers(one.Chain[0], host) {
			return
		}
	}
	first := b.have[0]
	finding := analyze.Diagnostic{
		Code: unfit, On: b.on, Field: at, Related: related(first),
		Message: fmt.Sprintf("the certificate in %s is not for %s, so clients refuse it: it is for %s", first.Secret, host, names(first.Chain[0])),
	}
	if selfSigned(first.Chain[0]) { // only clients that do not look take it anyway
		finding.Severity = analyze.Warning
	}
	pass.Report(finding)
}

// covers says whether a certificate is for a host. For a wildcard it is enough
// that it is for something below: routes may have no more than that.
func covers(certificate *x509.Certificate, host string) bool {
	suffix, wild := strings.CutPrefix(host, "*")
	if !wild {
		return certificate.VerifyHostname(host) == nil
	}
	for _, name := range certificate.DNSNames {
		if name = strings.ToLower(name); name == host || strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

func names(certificate *x509.Certificate) string {
	const most = 3
	switch all := certificate.DNSNames; {
	case len(all) > most:
		return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", len(all)-most)
	case len(all) > 0:
		return strings.Join(all, ", ")
	case certificate.Subject.CommonName != "":
		return "no host (clients do not look at its common name, " + certificate.Subject.CommonName + ")"
	}
	return "no host"
}

// The limits of what a certificate has to be.
const (
	soon     = 30 * 24 * time.Hour
	shortest = 2048
)

// quality finds certificates that expire soon or are weak.
func (b *bundle) quality(pass *analyze.Pass) {
	for _, one := range b.have {
		leaf := one.Chain[0]
		report := func(severity analyze.Severity, format string, values ...any) {
			pass.Report(analyze.Diagnostic{
				Code: unfit, Severity: severity, On: b.on, Field: one.at, Related: related(one),
				Message: "the certificate in " + one.Secret.String() + " " + fmt.Sprintf(format, values...),
			})
		}
		if why := one.Flaw(pass.Mesh.Settings.Now); why != "" {
			report(analyze.Error, "%s", why)
		}
		if key, ok := leaf.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < shortest {
			report(analyze.Error, "has an RSA key of %d bits, and proxies refuse less than %d", key.N.BitLen(), shortest)
		}
		if weak(leaf.SignatureAlgorithm) && !selfSigned(leaf) {
			report(analyze.Warning, "is signed with %s, which clients refuse", leaf.SignatureAlgorithm)
		}
		for _, certificate := range one.Chain {
			if now := pass.Mesh.Settings.Now; !now.IsZero() && now.Before(certificate.NotAfter) && certificate.NotAfter.Sub(now) < soon {
				report(analyze.Warning, "expires on %s, in %d days", certificate.NotAfter.UTC().Format(time.DateOnly), int(certificate.NotAfter.Sub(now).Hours()/24))
				break
			}
		}
	}
}

func weak(algorithm x509.SignatureAlgorithm) bool {
	switch algorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
		return true
	}
	return false
}

func selfSigned(certificate *x509.Certificate) bool {
	return certificate.Issuer.String() == certificate.Subject.String()
}

func related(one offer) []analyze.Related {
	at := object.Field("data").Key(one.Certificate)
	if _, ok := one.Secret.Spec.Data[one.Certificate]; !ok {
		at = object.Field("stringData").Key(one.Certificate)
	}
	return []analyze.Related{{On: one.Secret, Field: at, Note: "the certificate"}}
}
