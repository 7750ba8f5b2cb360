package credential

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

// use is a place that names a Secret, and what it is to have.
type use struct {
	on  *analyze.Resource
	ref analyze.CredentialRef
	// proxies are the namespaces of those that use it.
	proxies []string
	// anywhere is true if one of these is enough: which of the gateways is meant
	// is not known.
	anywhere bool
	// pair is a certificate with its key, ca is that of the other side.
	pair, ca bool
	// what happens without it.
	what string
}

// suffix is that of a Secret with the CA only.
const suffix = "-cacert"

func (u use) check(pass *analyze.Pass) {
	missing := map[string]bool{} // by the Secret that is not there
	var absent []analyze.Absence
	var names []string
	found := 0
	seen := map[string]bool{}
	for _, proxy := range u.proxies {
		namespace, name := u.ref.Namespace(proxy)
		if seen[namespace] {
			continue
		}
		seen[namespace] = true
		lacking, ok := u.look(pass, namespace, name)
		if ok {
			found++
			continue
		}
		if !missing[lacking] {
			missing[lacking] = true
			names = append(names, lacking)
		}
		absent = append(absent, analyze.Absences(namespace, analyze.Secret)...)
	}
	if len(names) == 0 || u.anywhere && found > 0 {
		return
	}
	const most = 3
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	finding := analyze.Diagnostic{
		Code: codes.NotFound, On: u.on, Field: u.ref.Field, Absent: absent, Related: u.elsewhere(pass.Mesh),
		Message: "there is no Secret " + strings.Join(names, " and no ") + ": " + u.what,
	}
	if found > 0 { // some of the gateways work
		finding.Severity, finding.Message = analyze.Warning, finding.Message+" there"
	}
	pass.Report(finding)
}

// elsewhere are Secrets of the name in other namespaces, often where the
// resource is and not where the gateway runs.
func (u use) elsewhere(mesh *analyze.Mesh) []analyze.Related {
	namespace, name := u.ref.Namespace(u.on.Namespace)
	secret, ok := mesh.Secrets().Get(namespace, name)
	if !ok || slices.Contains(u.proxies, namespace) {
		return nil
	}
	return []analyze.Related{{On: secret, Field: object.Field("metadata.namespace"), Note: "the namespace of the proxies counts, not that of"}}
}

// look reports what is wrong with the Secret for the proxies of a namespace. If
// there is none, it says which one is lacking.
func (u use) look(pass *analyze.Pass, namespace, name string) (lacking string, ok bool) {
	secret, ok := pass.Mesh.Credential(namespace, name)
	separate, hasSeparate := pass.Mesh.Credential(namespace, name+suffix)
	switch {
	case !ok && (u.pair || !hasSeparate):
		return namespace + "/" + name, false
	case ok && secret.Unread, hasSeparate && separate.Unread:
		return "", true
	case u.pair:
		u.checkPair(pass, secret)
	}
	switch {
	case !u.ca:
	case hasSeparate: // it takes precedence, whatever it has
		u.checkCA(pass, separate)
	case secret.CA == "" && u.pair:
		return namespace + "/" + name + suffix + ", and " + name + " has no ca.crt or cacert", false
	default:
		u.checkCA(pass, secret)
	}
	return "", true
}

func (u use) report(pass *analyze.Pass, secret *analyze.Credential, field, format string, values ...any) {
	related := analyze.Related{On: secret.Secret, Field: object.Field("metadata.name"), Note: "it is in"}
	if field != "" {
		related.Field = object.Field("data").Key(field)
		if _, ok := secret.Secret.Spec.Data[field]; !ok {
			related.Field = object.Field("stringData").Key(field)
		}
	}
	pass.Report(analyze.Diagnostic{
		Code: unusable, On: u.on, Field: u.ref.Field, Related: []analyze.Related{related},
		Message: secret.Secret.String() + " " + fmt.Sprintf(format, values...) + ": " + u.what,
	})
}

func (u use) checkPair(pass *analyze.Pass, secret *analyze.Credential) {
	if errors.Is(secret.Err, analyze.ErrNoCertificate) {
		u.report(pass, secret, "", "has no certificate with a key, neither in tls.crt and tls.key nor in cert and key")
		return
	}
	if secret.Err != nil {
		u.report(pass, secret, secret.Certificate, "cannot be used: %v", secret.Err)
		return
	}
	if why := analyze.Outdated(secret.Chain[0], pass.Mesh.Settings.Now); why != "" {
		u.report(pass, secret, secret.Certificate, "has a certificate that %s", why)
		return
	}
	// Of a gateway, the check of certificates says it, with its hosts.
	if why := secret.Flaw(pass.Mesh.Settings.Now); why != "" && u.on.Kind == analyze.DestinationRule {
		u.report(pass, secret, secret.Certificate, "%s", why)
	}
}

func (u use) checkCA(pass *analyze.Pass, secret *analyze.Credential) {
	switch now := pass.Mesh.Settings.Now; {
	case secret.CA == "":
		u.report(pass, secret, "", "has no CA, neither in ca.crt nor in cacert")
	case secret.CAErr != nil:
		u.report(pass, secret, secret.CA, "has a CA that cannot be read: %v", secret.CAErr)
	case !slices.ContainsFunc(secret.Authorities, func(ca *x509.Certificate) bool { return analyze.Outdated(ca, now) == "" }):
		u.report(pass, secret, secret.CA, "has a CA that %s", analyze.Outdated(secret.Authorities[0], now))
	}
}
