// Package workloadselector finds Sidecars and Telemetries that contend for the
// same workloads, that choose none, or that cannot have an effect.
package workloadselector

import (
	_ "embed"
	"strconv"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0110.md
var ist0110 string

//go:embed IST0111.md
var ist0111 string

//go:embed IST0159.md
var ist0159 string

//go:embed IST0167.md
var ist0167 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "workloadselector",
	Legacy: []string{"sidecar.SelectorAnalyzer", "telemetry.SelectorAnalyzer"},
	Doc:    "Each workload has one Sidecar and one Telemetry at most, and each of these has workloads.",
	Needs:  []analyze.Kind{analyze.Sidecar},
	Uses: []analyze.Kind{
		analyze.Telemetry, analyze.Namespace, analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet,
		analyze.WorkloadEntry, analyze.WorkloadGroup,
	},
	Codes: []*analyze.Code{sidecars, defaultSidecars, telemetries, ambient, codes.NotFound},
	Run:   run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	sidecars        = &analyze.Code{ID: "IST0110", Severity: analyze.Error, Title: "Several Sidecars choose the same workload", Doc: ist0110, Aliases: []string{"KIA0003"}}
	defaultSidecars = &analyze.Code{ID: "IST0111", Severity: analyze.Error, Title: "A namespace has several Sidecars without selector", Doc: ist0111, Aliases: []string{"KIA0002"}}
	telemetries     = &analyze.Code{ID: "IST0159", Severity: analyze.Error, Title: "Several Telemetries choose the same workload", Doc: ist0159}
	ambient         = &analyze.Code{ID: "IST0167", Severity: analyze.Warning, Title: "A Sidecar has no effect on ambient workloads", Doc: ist0167}
)

// contest is a kind of which a workload can have one only.
type contest struct {
	kind analyze.Kind
	// chosen and all are the codes for several with and without a selector; that
	// of Telemetries without is a check of its own.
	chosen, all *analyze.Code
}

func run(pass *analyze.Pass) error {
	for _, c := range []contest{
		{analyze.Sidecar, sidecars, defaultSidecars},
		{analyze.Telemetry, telemetries, nil},
	} {
		var namespaces []string
		byNamespace := map[string][]*analyze.Policy{}
		for _, policy := range pass.Mesh.Policies(c.kind, "") {
			if len(byNamespace[policy.Namespace]) == 0 {
				namespaces = append(namespaces, policy.Namespace)
			}
			byNamespace[policy.Namespace] = append(byNamespace[policy.Namespace], policy)
		}
		for _, namespace := range namespaces {
			check(pass, c, namespace, byNamespace[namespace])
		}
	}
	return nil
}

func check(pass *analyze.Pass, c contest, namespace string, policies []*analyze.Policy) {
	labels, _ := pass.Mesh.NamespaceLabels(namespace)
	inAmbient := c.kind == analyze.Sidecar && labels["istio.io/dataplane-mode"] == "ambient" && !analyze.InjectsSidecars(labels)
	var everywhere []*analyze.Policy
	contenders := map[*analyze.Workload][]*analyze.Policy{}
	var contended []*analyze.Workload
	for _, policy := range policies {
		switch {
		case len(policy.Targets) > 0:
		case len(policy.Labels) == 0 && inAmbient:
			pass.Reportf(ambient, policy, object.Field("spec"), "namespace %s is ambient, where Sidecars have no effect", namespace)
		case len(policy.Labels) == 0:
			everywhere = append(everywhere, policy)
		default:
			for _, w := range workloads(pass, c, policy) {
				if contenders[w] = append(contenders[w], policy); len(contenders[w]) == 2 {
					contended = append(contended, w)
				}
			}
		}
	}
	if len(everywhere) > 1 && c.all != nil {
		several(pass, c.all, everywhere, "", "for namespace "+namespace)
	}
	reportContended(pass, c, contenders, contended)
}

// workloads are those a policy contends for. What is wrong with the choice
// itself is reported here.
func workloads(pass *analyze.Pass, c contest, policy *analyze.Policy) []*analyze.Workload {
	chosen := pass.Mesh.Select(policy.Namespace, policy.Labels)
	if len(chosen) == 0 && (c.kind == analyze.Sidecar || len(pass.Mesh.Chosen(policy)) == 0) {
		alias := ""
		if c.kind == analyze.Sidecar {
			alias = codes.AliasSelector
		}
		pass.Report(analyze.Diagnostic{
			Code: codes.NotFound, Alias: alias, On: policy, Field: policy.Selector, Absent: pass.Mesh.AbsentWorkloads(policy.Namespace),
			Message: "no workload in namespace " + policy.Namespace + " has the labels of the selector",
		})
	}
	var kept, captured []*analyze.Workload
	for _, w := range chosen {
		switch {
		case pass.Mesh.Made(w): // whatever made the pod stands for it
		case c.kind == analyze.Sidecar && pass.Mesh.MembershipOf(w) == analyze.InAmbient:
			captured = append(captured, w)
		default:
			kept = append(kept, w)
		}
	}
	if len(captured) > 0 {
		pass.Reportf(ambient, policy, policy.Selector, "Sidecars have no effect on workloads of an ambient mesh, and the selector chooses %s", analyze.Names(captured, 3))
	}
	return kept
}

// reportContended says it once of each set of contenders.
func reportContended(pass *analyze.Pass, c contest, contenders map[*analyze.Workload][]*analyze.Policy, contended []*analyze.Workload) {
	type group struct {
		policies  []*analyze.Policy
		workloads []*analyze.Workload
	}
	groups := map[string]*group{}
	var order []*group
	for _, w := range contended {
		key := analyze.Names(contenders[w], len(contenders[w]))
		if groups[key] == nil {
			groups[key] = &group{policies: contenders[w]}
			order = append(order, groups[key])
		}
		groups[key].workloads = append(groups[key].workloads, w)
	}
	for _, g := range order {
		several(pass, c.chosen, g.policies, "selector", "for "+analyze.Names(g.workloads, 3))
	}
}

// several reports each of the policies, with the others as related places.
func several(pass *analyze.Pass, code *analyze.Code, policies []*analyze.Policy, by, what string) {
	for i, policy := range policies {
		d := analyze.Diagnostic{Code: code, On: policy, Field: object.Field("spec")}
		if by != "" {
			d.Field = policy.Selector
		}
		var others []*analyze.Policy
		for j, other := range policies {
			if i != j {
				others = append(others, other)
				d.Related = append(d.Related, analyze.Related{On: other, Field: object.Field("spec"), Note: "the same workloads"})
			}
		}
		d.Message = strconv.Itoa(len(policies)) + " contend " + what + ", of which istiod takes one, the oldest: the others are " + analyze.Names(others, 3)
		pass.Report(d)
	}
}
