// Package rulesubset finds DestinationRules for hosts that do not exist, and
// subsets of them that are empty.
package rulesubset

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0173.md
var ist0173 string

//go:embed IST0174.md
var ist0174 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "rulesubset",
	Legacy: []string{"destinationrule.SubsetSelectPodAnalyzer"},
	Doc:    "DestinationRules are for hosts that exist, and their subsets have endpoints.",
	Needs:  []analyze.Kind{analyze.DestinationRule, analyze.Service, analyze.ServiceEntry},
	Uses: []analyze.Kind{
		analyze.Pod, analyze.Node, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
		analyze.WorkloadEntry, analyze.WorkloadGroup,
	},
	Codes: []*analyze.Code{empty, unknown},
	Run:   run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	empty   = &analyze.Code{ID: "IST0173", Severity: analyze.Error, Title: "A subset of a DestinationRule has no endpoints", Doc: ist0173, Aliases: []string{"KIA0203"}}
	unknown = &analyze.Code{ID: "IST0174", Severity: analyze.Warning, Title: "The host of a DestinationRule does not exist", Doc: ist0174, Aliases: []string{"KIA0202"}}
)

func run(pass *analyze.Pass) error {
	for rule := range pass.Mesh.DestinationRules().All() {
		switch host := rule.Spec.GetHost(); {
		case host == "":
		case strings.HasPrefix(host, "*"):
			checkWildcard(pass, rule)
		default:
			check(pass, rule)
		}
	}
	return nil
}

// checkWildcard wants any host below the star; what of them a subset has is as
// different as they are.
func checkWildcard(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule]) {
	host := rule.Spec.GetHost()
	if pass.Mesh.AllHosts().Overlap(host, func(*analyze.Host) bool { return true }) {
		return
	}
	kind := analyze.ServiceEntry
	if analyze.HostsOverlap(host, "*.svc."+pass.Mesh.Settings.ClusterDomain) {
		kind = analyze.Service
	}
	pass.Report(analyze.Diagnostic{
		Code: unknown, On: rule, Field: object.Field("spec.host"), Absent: analyze.Absences("", kind),
		Message: fmt.Sprintf("no host is called %s, so the rule is for nothing", host),
	})
}

func check(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule]) {
	fqdn := pass.Mesh.FQDN(rule.Spec.GetHost(), rule.Namespace)
	hosts := served(pass.Mesh, rule.Namespace, fqdn)
	if len(hosts) == 0 {
		pass.Report(analyze.Diagnostic{
			Code: unknown, On: rule, Field: object.Field("spec.host"), Absent: pass.Mesh.AbsentHost(fqdn),
			Message: pass.Mesh.WhyAbsent(rule.Namespace, rule.Spec.GetHost()) + ", so the rule is for nothing", Related: pass.Mesh.Hidden(fqdn),
			Fixes: completed(pass.Mesh, rule),
		})
		return
	}
	for i, subset := range rule.Spec.GetSubsets() {
		wanted := newWanted(subset.GetLabels())
		if slices.ContainsFunc(hosts, func(host *analyze.Host) bool { return wanted.in(pass.Mesh, host) }) {
			continue
		}
		pass.Report(analyze.Diagnostic{
			Code: empty, On: rule, Field: object.Field("spec.subsets", i, "labels"),
			Message: fmt.Sprintf("no endpoint of %s has the labels %s: traffic to subset %q is answered with 503%s",
				rule.Spec.GetHost(), text(subset.GetLabels()), subset.GetName(), instead(pass.Mesh, hosts, wanted)),
			Absent: wanted.absent(pass.Mesh, hosts), Related: sources(hosts),
		})
	}
}

// completed is the fix of a name that is not complete.
func completed(mesh *analyze.Mesh, rule analyze.Of[networking.DestinationRule]) []analyze.Fix {
	full, ok := mesh.Meant(rule.Spec.GetHost())
	if !ok || len(served(mesh, rule.Namespace, full)) == 0 {
		return nil
	}
	// What has no effect now will have one: that is meant, and not without risk.
	return []analyze.Fix{{Title: "write " + full, Edits: []analyze.Edit{
		{On: rule, Op: analyze.Set, Field: object.Field("spec.host"), Value: full},
	}}}
}

// served are the hosts that the rule is for: those its namespace sees, or all
// where it is a rule for the clients of other namespaces.
func served(mesh *analyze.Mesh, namespace, fqdn string) []*analyze.Host {
	var found []*analyze.Host
	for _, host := range mesh.AllHosts().Covering(fqdn) {
		seen := host.Namespace == namespace || namespace == mesh.RootNamespace() || host.Visibility.Sees(namespace)
		if seen && (len(found) == 0 || found[0].Name == host.Name) {
			found = append(found, host)
		}
	}
	return found
}

// sources are what says which endpoints a host has.
func sources(hosts []*analyze.Host) []analyze.Related {
	var related []analyze.Related
	for _, host := range hosts {
		field := object.Field("spec.selector")
		switch {
		case host.Entry.GetWorkloadSelector() != nil:
			field = object.Field("spec.workloadSelector")
		case host.Entry != nil:
			field = object.Field("spec.endpoints")
		}
		related = append(related, analyze.Related{On: host, Field: field, Note: "its endpoints are those of"})
	}
	return related
}

// instead lists the values that endpoints have for the labels of a subset.
func instead(mesh *analyze.Mesh, hosts []*analyze.Host, wanted wanted) string {
	const most = 5
	values := map[string]bool{}
	add := func(labels map[string]string) {
		for key := range wanted.own {
			if value, ok := labels[key]; ok {
				values[key+"="+value] = true
			}
		}
	}
	for _, host := range hosts {
		workloads, _ := mesh.Backends(host, nil)
		for _, w := range workloads {
			add(w.Labels)
		}
		for _, endpoint := range host.Entry.GetEndpoints() {
			add(endpoint.GetLabels())
		}
	}
	if len(values) == 0 || len(values) > most {
		return ""
	}
	return " (there is " + strings.Join(slices.Sorted(maps.Keys(values)), ", ") + ")"
}

func text(labels map[string]string) string {
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		texts = append(texts, key+"="+labels[key])
	}
	return strings.Join(texts, ",")
}
