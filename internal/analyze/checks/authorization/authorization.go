// Package authorization finds AuthorizationPolicies that protect nothing, and
// those that name namespaces that do not exist.
package authorization

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0127.md
var ist0127 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "authorization",
	Legacy: []string{"auth.AuthorizationPoliciesAnalyzer"},
	Doc:    "AuthorizationPolicies hold for workloads of the mesh, and name namespaces that exist.",
	Needs:  []analyze.Kind{analyze.AuthorizationPolicy, analyze.Namespace},
	Uses: []analyze.Kind{
		analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
		analyze.WorkloadEntry, analyze.WorkloadGroup,
	},
	Codes: []*analyze.Code{nothing, codes.NotFound},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var nothing = &analyze.Code{ID: "IST0127", Severity: analyze.Warning, Title: "An AuthorizationPolicy holds for no workload", Doc: ist0127, Aliases: []string{"KIA0004"}}

func run(pass *analyze.Pass) error {
	for _, policy := range pass.Mesh.Policies(analyze.AuthorizationPolicy, "") {
		checkWorkloads(pass, policy)
	}
	for policy := range pass.Mesh.AuthorizationPolicies().All() {
		for i, rule := range policy.Spec.GetRules() {
			for j, from := range rule.GetFrom() {
				at := object.Field("spec.rules", i, "from", j, "source")
				checkNamespaces(pass, policy, at.With("namespaces"), from.GetSource().GetNamespaces())
				checkNamespaces(pass, policy, at.With("notNamespaces"), from.GetSource().GetNotNamespaces())
			}
		}
	}
	return nil
}

func checkWorkloads(pass *analyze.Pass, policy *analyze.Policy) {
	mesh := pass.Mesh
	everywhere := policy.Namespace == mesh.RootNamespace()
	if len(policy.Targets) > 0 || everywhere && len(policy.Labels) == 0 {
		return
	}
	workloads := mesh.Chosen(policy)
	inMesh := func(w *analyze.Workload) bool { return mesh.MembershipOf(w) != analyze.Outside }
	if slices.ContainsFunc(workloads, inMesh) {
		return
	}
	finding := analyze.Diagnostic{Code: nothing, On: policy, Field: object.Field("metadata.name")}
	chosen, where := "no workload", "in namespace "+policy.Namespace
	if everywhere {
		where = "in any namespace"
	}
	if len(policy.Labels) > 0 {
		finding.Field, chosen = policy.Selector, "no workload with "+describe(policy.Labels)
	}
	if len(workloads) == 0 {
		finding.Message = "there is " + chosen + " " + where + ", so nothing enforces the policy"
		finding.Absent = mesh.AbsentWorkloads(namespaceOf(policy, everywhere))
	} else {
		finding.Message = "nothing enforces the policy: what it chooses is outside the mesh (" + analyze.Names(workloads, 3) + ")"
		finding.Absent = unknownNamespaces(mesh, workloads)
	}
	pass.Report(finding)
}

func namespaceOf(policy *analyze.Policy, everywhere bool) string {
	if everywhere {
		return ""
	}
	return policy.Namespace
}

// unknownNamespaces are those whose labels may ask for what is not seen here.
func unknownNamespaces(mesh *analyze.Mesh, workloads []*analyze.Workload) []analyze.Absence {
	for _, workload := range workloads {
		if _, ok := mesh.Namespaces().Get("", workload.Namespace); !ok {
			return analyze.Absences(workload.Namespace, analyze.Namespace)
		}
	}
	return nil
}

func checkNamespaces(pass *analyze.Pass, policy analyze.Of[security.AuthorizationPolicy], at object.Path, patterns []string) {
	for i, pattern := range patterns {
		if pattern == "" || exists(pass.Mesh, pattern) {
			continue
		}
		message := "namespace " + pattern + " does not exist"
		if strings.Contains(pattern, "*") {
			message = "no namespace is called " + pattern
		}
		pass.Report(analyze.Diagnostic{
			Code: codes.NotFound, Alias: codes.AliasNamespace, On: policy, Field: at.Item(i), Message: message + ", so this matches no caller",
			Absent: analyze.Absences("", analyze.Namespace),
		})
	}
}

func exists(mesh *analyze.Mesh, pattern string) bool {
	for namespace := range mesh.Namespaces().All() {
		if matches(pattern, namespace.Name) {
			return true
		}
	}
	return false
}

// matches knows the patterns of istiod: a star at one end, or alone.
func matches(pattern, name string) bool {
	if start, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, start)
	}
	if end, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(name, end)
	}
	return pattern == name
}

func describe(labels map[string]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, key+"="+labels[key])
	}
	return strings.Join(parts, ",")
}
