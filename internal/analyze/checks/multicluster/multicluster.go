// Package multicluster compares the Services of one name in the clusters of a mesh.
package multicluster

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0170.md
var ist0170 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "multicluster",
	Legacy: []string{"services.MultiClusterServiceAnalyzer"},
	Doc:    "Services of one name are the same in all clusters of a mesh.",
	Needs:  []analyze.Kind{analyze.Service},
	Codes:  []*analyze.Code{inconsistent},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var inconsistent = &analyze.Code{ID: "IST0170", Severity: analyze.Warning, Title: "A service differs between clusters", Doc: ist0170}

type service = analyze.Of[core.ServiceSpec]

func run(pass *analyze.Pass) error {
	var same []service
	flush := func() {
		compare(pass, same)
		same = same[:0]
	}
	for s := range pass.Mesh.Services().All() { // by namespace and name
		if len(same) > 0 && s.FullName() != same[0].FullName() {
			flush()
		}
		same = append(same, s)
	}
	flush()
	return nil
}

// compare reports the service of each cluster that differs from that of another.
func compare(pass *analyze.Pass, services []service) {
	for _, s := range services {
		for _, other := range services {
			if other.Cluster == s.Cluster {
				continue
			}
			if at, how := difference(s.Spec, other.Spec); how != "" {
				pass.Report(analyze.Diagnostic{
					Code: inconsistent, On: s, Field: at,
					Message: fmt.Sprintf("the service is another one in cluster %s: %s; the mesh takes both for one", other.Cluster, how),
					Related: []analyze.Related{{On: other, Field: at, Note: "the other one"}},
				})
				break // one is enough to know that something is wrong
			}
		}
	}
}

// difference says where two services differ in what clients see of them. Node
// ports are each cluster's own.
func difference(a, b *core.ServiceSpec) (at object.Path, how string) {
	if headless(a) != headless(b) {
		return object.Field("spec.clusterIP"), addressOf(a) + " here, " + addressOf(b) + " there"
	}
	if typeOf(a) != typeOf(b) {
		return object.Field("spec.type"), fmt.Sprintf("type %s here, %s there", typeOf(a), typeOf(b))
	}
	if here, there := ports(a), ports(b); !slices.Equal(here, there) {
		return object.Field("spec.ports"), fmt.Sprintf("ports %s here, %s there", strings.Join(here, ", "), strings.Join(there, ", "))
	}
	return nil, ""
}

func headless(s *core.ServiceSpec) bool { return s.ClusterIP == core.ClusterIPNone }

func addressOf(s *core.ServiceSpec) string {
	if headless(s) {
		return "headless"
	}
	return "with an address"
}

func typeOf(s *core.ServiceSpec) core.ServiceType { return cmp.Or(s.Type, core.ServiceTypeClusterIP) }

// ports are the ports as texts, in order: "http 80/TCP to 8080".
func ports(s *core.ServiceSpec) []string {
	texts := make([]string, 0, len(s.Ports))
	for i := range s.Ports {
		port := &s.Ports[i]
		text := strings.TrimSpace(fmt.Sprintf("%s %d/%s", port.Name, port.Port, cmp.Or(port.Protocol, core.ProtocolTCP)))
		if port.AppProtocol != nil {
			text += " (" + *port.AppProtocol + ")"
		}
		if target := port.TargetPort.String(); target != "0" && target != fmt.Sprint(port.Port) {
			text += " to " + target
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return texts
}
