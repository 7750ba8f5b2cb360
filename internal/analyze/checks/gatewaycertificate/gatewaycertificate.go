// Package gatewaycertificate finds servers of Gateways that share a certificate,
// so that clients reuse the connection to one for the hosts of the other.
package gatewaycertificate

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0138.md
var ist0138 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "gatewaycertificate",
	Legacy: []string{"gateway.CertificateAnalyzer"},
	Doc:    "Hosts that share a certificate are in one server of a Gateway.",
	Needs:  []analyze.Kind{analyze.Gateway},
	Uses:   []analyze.Kind{analyze.Secret, analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet},
	Codes:  []*analyze.Code{shared},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var shared = &analyze.Code{ID: "IST0138", Severity: analyze.Warning, Title: "Servers of Gateways share a certificate", Doc: ist0138}

// bearer is a server that has a certificate.
type bearer struct {
	*analyze.Server
	at       object.Path
	selector string
	hosts    string
}

// group are the servers with a certificate and port in common.
type group struct {
	certificate string
	// selectors are those of their Gateways, each once.
	selectors []map[string]string
	bearers   map[string][]*bearer
}

func run(pass *analyze.Pass) error {
	groups := map[string]*group{}
	var order []*group
	for gateway := range pass.Mesh.Gateways().All() {
		selector := text(gateway.Spec.Selector)
		for _, server := range analyze.ServersOf(gateway) {
			if !strings.EqualFold(server.GetPort().GetProtocol(), "HTTPS") {
				continue // only HTTP shares connections
			}
			hosts := hostsOf(server)
			for _, c := range certificates(server) {
				key := fmt.Sprint(c.name, "\x00", server.GetPort().GetNumber(), "\x00", server.GetBind())
				if groups[key] == nil {
					groups[key] = &group{certificate: c.name, bearers: map[string][]*bearer{}}
					order = append(order, groups[key])
				}
				g := groups[key]
				if g.bearers[selector] == nil {
					g.selectors = append(g.selectors, gateway.Spec.Selector)
				}
				g.bearers[selector] = append(g.bearers[selector], &bearer{server, c.at, selector, hosts})
			}
		}
	}
	for _, g := range order {
		g.check(pass)
	}
	return nil
}

type certificate struct {
	name string
	at   object.Path
}

func certificates(server *analyze.Server) []certificate {
	var all []certificate
	if !server.Terminates() {
		return nil
	}
	tls, at := server.GetTls(), server.Field.With("tls")
	for _, ref := range server.Credentials() {
		all = append(all, certificate{ref.Name, ref.Field})
	}
	if file := tls.GetServerCertificate(); file != "" {
		all = append(all, certificate{"file " + file, at.With("serverCertificate")})
	}
	for i, pair := range tls.GetTlsCertificates() {
		all = append(all, certificate{"file " + pair.GetServerCertificate(), at.With("tlsCertificates", i, "serverCertificate")})
	}
	return all
}

func (g *group) check(pass *analyze.Pass) {
	total := 0
	for _, bearers := range g.bearers {
		total += len(bearers)
	}
	if total < 2 {
		return
	}
	for _, selector := range g.selectors {
		// Wherever a workload has this selector's Gateways and those of a narrower one.
		var narrower [][]*bearer
		for _, other := range g.selectors {
			if analyze.HasLabels(other, selector) {
				narrower = append(narrower, g.bearers[text(other)])
			}
		}
		bearers := g.bearers[text(selector)]
		covers := g.covers(pass.Mesh, bearers[0].Gateway.Resource)
		for _, bearer := range bearers {
			g.report(pass, bearer, narrower, covers)
		}
	}
}

// most is how many others a finding names.
const most = 3

func (g *group) report(pass *analyze.Pass, b *bearer, narrower [][]*bearer, covers func(*analyze.Server) bool) {
	if !covers(b.Server) {
		return
	}
	var names []string
	var related []analyze.Related
search:
	for _, others := range narrower {
		for _, other := range others {
			if !sharing(b, other) || !covers(other.Server) {
				continue
			}
			if len(names) == most {
				names[most-1] += " and others"
				break search
			}
			names = append(names, other.Gateway.FullName()+" for "+first(other.Server))
			related = append(related, analyze.Related{On: other.Gateway, Field: other.at, Note: "the same certificate is in"})
		}
	}
	if len(names) == 0 {
		return
	}
	pass.Report(analyze.Diagnostic{
		Code: shared, On: b.Gateway, Field: b.at, Related: related,
		Message: fmt.Sprintf("certificate %s is that of %s too: browsers reuse a connection to one host for the other, which is answered with 404", g.certificate, strings.Join(names, ", ")),
	})
}

// sharing says whether a connection to one server may be used for the other.
// Of two servers in one Gateway, it is said of the second.
func sharing(b, other *bearer) bool {
	if b.Gateway.Resource == other.Gateway.Resource && b.Field[len(b.Field)-1].Index <= other.Field[len(other.Field)-1].Index {
		return false
	}
	return b.hosts != other.hosts // of two servers for the same hosts only one is there
}

// covers says of servers whether the certificate is good for any of their
// hosts, as far as can be seen: with another, a client does not go on. The
// certificate is the one that a Gateway's workloads have.
func (g *group) covers(mesh *analyze.Mesh, gateway *analyze.Resource) func(*analyze.Server) bool {
	known := map[*analyze.Server]bool{}
	var credential *analyze.Credential
	if !strings.HasPrefix(g.certificate, "file ") {
		for _, proxy := range mesh.GatewayHomes()[gateway] {
			namespace, name := analyze.CredentialRef{Name: g.certificate}.Namespace(proxy)
			if found, ok := mesh.Credential(namespace, name); ok && len(found.Chain) > 0 {
				credential = found
				break
			}
		}
	}
	return func(server *analyze.Server) bool {
		if credential == nil {
			return true
		}
		good, ok := known[server]
		if !ok {
			good = slices.ContainsFunc(server.Hosts, func(host analyze.ServerHost) bool { return credential.Covers(host.Host) })
			known[server] = good
		}
		return good
	}
}

func first(server *analyze.Server) string {
	if len(server.Hosts) == 0 {
		return "no host"
	}
	return server.Hosts[0].Host
}

func hostsOf(server *analyze.Server) string {
	var hosts []string
	for _, host := range server.Hosts {
		hosts = append(hosts, strings.ToLower(host.Host))
	}
	slices.Sort(hosts)
	return strings.Join(hosts, ",")
}

func text(labels map[string]string) string {
	var parts []string
	for key, value := range labels {
		parts = append(parts, key+"="+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}
