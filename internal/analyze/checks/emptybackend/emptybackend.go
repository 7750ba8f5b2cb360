// Package emptybackend finds routes that send traffic to where nothing answers.
package emptybackend

import (
	_ "embed"
	"strconv"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH2001.md
var msh2001 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "emptybackend",
	Doc:   "There are workloads behind the services and subsets that routes send traffic to.",
	Needs: []analyze.Kind{analyze.Service},
	Uses: []analyze.Kind{
		analyze.VirtualService, analyze.DestinationRule, analyze.ServiceEntry, analyze.HTTPRoute, analyze.GRPCRoute, analyze.TLSRoute, analyze.TCPRoute,
		analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
		analyze.WorkloadEntry, analyze.WorkloadGroup, analyze.Secret, analyze.ConfigMap,
	},
	Codes: []*analyze.Code{empty},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var empty = &analyze.Code{ID: "MSH2001", Severity: analyze.Error, Title: "Traffic is sent to where nothing answers", Doc: msh2001}

func run(pass *analyze.Pass) error {
	if !pass.Mesh.OneCluster() {
		return nil // workloads of other clusters may answer
	}
	c := checker{pass: pass, judged: map[backend]*verdict{}}
	for share := range pass.Mesh.Shares() {
		if share.Route != c.route {
			c.flush()
			c.route = share.Route
		}
		c.share(share)
	}
	c.flush()
	return nil
}

// backend is a host, or a subset as clients of a namespace have it.
type backend struct{ host, subset, client string }

// checker goes through the routes, one after the other.
type checker struct {
	pass   *analyze.Pass
	judged map[backend]*verdict
	route  *analyze.Resource
	// found are the findings of the route so far.
	found []finding
}

// finding is a backend without anything behind it, and where a route uses it.
type finding struct {
	backend
	analyze.Diagnostic
}

func (c *checker) flush() {
	for _, one := range c.found {
		c.pass.Report(one.Diagnostic)
	}
	c.found = nil
}

func (c *checker) share(share analyze.Share) {
	to := backend{host: share.Host, subset: share.Subset}
	if share.Subset != "" {
		to.client = share.Route.Namespace
	}
	judged, ok := c.judged[to]
	if !ok {
		judged = judge(c.pass.Mesh, to)
		c.judged[to] = judged
	}
	if judged == nil {
		return
	}
	at := share.HostField()
	if share.Subset != "" {
		at = share.SubsetField()
	}
	for i := range c.found {
		if c.found[i].backend == to {
			c.found[i].Related = append(c.found[i].Related, analyze.Related{On: share.Route, Field: at, Note: "sends traffic there too"})
			return
		}
	}
	d := analyze.Diagnostic{
		Code: empty, Severity: judged.severity, On: share.Route, Field: at,
		Message: judged.text + ": " + amount(share), Absent: judged.absent,
		Related: append([]analyze.Related{}, judged.related...),
	}
	if share.Mirror && judged.severity == analyze.Error {
		d.Severity = analyze.Warning
	}
	c.found = append(c.found, finding{to, d})
}

// amount says how much of the traffic is concerned.
func amount(share analyze.Share) string {
	switch {
	case share.Mirror:
		return "the copies of requests fail"
	case share.Percent >= 100:
		return "all traffic of the rule fails"
	}
	return strconv.FormatFloat(share.Percent, 'g', 3, 64) + " % of the traffic of the rule fails"
}

// subsetOf finds the labels of a subset, and the rule that has it: that of the
// client, else any, as another check is about which of them clients get.
func subsetOf(mesh *analyze.Mesh, to backend) (rule *analyze.Rule, number int) {
	if rule, number := mesh.Effective(to.client, to.host).Subset(to.subset); rule != nil {
		return rule, number
	}
	return analyze.Effective{Rules: mesh.AllRules(to.host)}.Subset(to.subset)
}

func subsetField(number int) object.Path { return object.Field("spec.subsets", number, "labels") }
