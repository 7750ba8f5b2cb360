// Package mtlsmode finds DestinationRules by which clients connect in a way
// that the servers do not accept.
package mtlsmode

import (
	_ "embed"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed MSH1001.md
var msh1001 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "mtlsmode",
	Doc:   "Clients connect as servers accept it: the TLS mode of DestinationRules agrees with that of PeerAuthentications.",
	Needs: []analyze.Kind{analyze.DestinationRule, analyze.PeerAuthentication, analyze.Service},
	Uses: []analyze.Kind{
		analyze.Namespace, analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
		analyze.ServiceEntry, analyze.WorkloadEntry, analyze.WorkloadGroup, analyze.Sidecar, analyze.ConfigMap,
	},
	Codes: []*analyze.Code{conflict},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var conflict = &analyze.Code{
	ID: "MSH1001", Severity: analyze.Error, Title: "Clients connect in a way that servers do not accept", Doc: msh1001,
	Aliases: []string{"KIA0207", "KIA0208", "KIA0505", "KIA0506"},
}

func run(pass *analyze.Pass) error {
	for of := range pass.Mesh.DestinationRules().All() {
		rule := pass.Mesh.RuleOf(of)
		if rule == nil || !setsTLS(of.Spec) {
			continue
		}
		c := &checker{mesh: pass.Mesh, rule: rule}
		for _, host := range pass.Mesh.HostsOf(rule) {
			if !strings.HasPrefix(rule.Host, "*") || !system(host.Namespace) {
				c.host(host)
			}
		}
		for _, found := range c.found {
			pass.Report(found.diagnostic(rule))
		}
	}
	return nil
}

// system says whether Kubernetes runs a namespace for itself: wildcards include
// its services, and nobody means them.
func system(namespace string) bool { return strings.HasPrefix(namespace, "kube-") }

func setsTLS(spec *networking.DestinationRule) bool {
	return policySetsTLS(spec.GetTrafficPolicy()) || slices.ContainsFunc(spec.GetSubsets(), func(subset *networking.Subset) bool {
		return policySetsTLS(subset.GetTrafficPolicy())
	})
}

func policySetsTLS(policy *networking.TrafficPolicy) bool {
	return policy.GetTls() != nil || slices.ContainsFunc(policy.GetPortLevelSettings(), func(settings *networking.TrafficPolicy_PortTrafficPolicy) bool {
		return settings.GetTls() != nil
	})
}

// checker looks at the hosts of one rule.
type checker struct {
	mesh  *analyze.Mesh
	rule  *analyze.Rule
	found []*disagreement
	// client is the last namespace that the rule was found to govern.
	client string
}

func (c *checker) host(host *analyze.Host) {
	for subset := analyze.NoSubset; subset < len(c.rule.Spec.GetSubsets()); subset++ {
		var labels map[string]string
		if subset != analyze.NoSubset {
			spec := c.rule.Spec.GetSubsets()[subset]
			if !policySetsTLS(spec.GetTrafficPolicy()) {
				continue // it has what the host has
			}
			labels = spec.GetLabels()
		}
		workloads, known := c.mesh.Backends(host, labels)
		workloads = c.mesh.Observed(workloads)
		if !known || len(workloads) == 0 {
			continue
		}
		client, governed := c.mesh.GovernedClient(c.rule, subset, host, c.client)
		if !governed {
			continue
		}
		c.client = client
		for i := range host.Ports {
			c.port(server{host: host, port: i, client: client}, subset, workloads)
		}
	}
}

// server is a port of a host as clients of a namespace connect to it.
type server struct {
	host   *analyze.Host
	port   int
	client string
}

func (c *checker) port(s server, subset int, workloads []*analyze.Workload) {
	tls, at := c.rule.TLS(subset, s.host.Ports[s.port].Number)
	if tls == nil || s.host.Ports[s.port].Protocol == "UDP" || subset != analyze.NoSubset && at[1].Name != "subsets" {
		return
	}
	for _, w := range workloads {
		target, ok := s.host.TargetPort(w, s.port)
		if !ok || !captured(w, target) {
			continue
		}
		mode := c.mesh.MtlsOf(w, target)
		if why := c.disagree(tls.GetMode(), mode.Mode, w); why != agreement {
			if why == noProxy {
				mode = analyze.ServerMtls{}
			}
			c.add(disagreement{at: at, why: why, client: tls.GetMode(), mode: mode, worker: w, servers: []server{s}})
			return
		}
	}
}

// reason is why a client and a server do not understand each other.
type reason int

const (
	agreement reason = iota
	strictServer
	plainServer
	noProxy
)

func (c *checker) disagree(client networking.ClientTLSSettings_TLSmode, mode analyze.MtlsMode, w *analyze.Workload) reason {
	mesh := client == networking.ClientTLSSettings_ISTIO_MUTUAL
	// MUTUAL brings certificates of its own: whether the server takes them is between the two.
	foreign := client == networking.ClientTLSSettings_DISABLE || client == networking.ClientTLSSettings_SIMPLE
	switch {
	case mesh && c.mesh.LacksProxy(w):
		return noProxy
	case !c.mesh.MayHaveProxy(w):
		return agreement
	case foreign && mode == analyze.MtlsStrict:
		return strictServer
	case mesh && mode == analyze.MtlsDisabled && !c.servesTLS(w):
		return plainServer
	}
	return agreement
}

// servesTLS says whether a Sidecar has the proxy of a workload serve TLS by
// certificates of its own.
func (c *checker) servesTLS(w *analyze.Workload) bool {
	sidecar := c.mesh.ScopeOf(w).Sidecar
	return slices.ContainsFunc(sidecar.Spec.GetIngress(), func(listener *networking.IstioIngressListener) bool { return listener.GetTls() != nil })
}

func (c *checker) add(d disagreement) {
	for _, known := range c.found {
		if known.why == d.why && slices.Equal(known.at, d.at) {
			if known.servers[len(known.servers)-1].host != d.servers[0].host {
				known.servers = append(known.servers, d.servers...)
			}
			return
		}
	}
	c.found = append(c.found, &d)
}
