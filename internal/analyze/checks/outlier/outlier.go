// Package outlier finds outlier detection that can never leave out an endpoint.
package outlier

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH3001.md
var msh3001 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "outlier",
	Doc:   "Outlier detection in DestinationRules can come to leave out an endpoint.",
	Needs: []analyze.Kind{analyze.DestinationRule},
	Uses: []analyze.Kind{
		analyze.Service, analyze.ServiceEntry, analyze.Namespace, analyze.Sidecar, analyze.Secret, analyze.ConfigMap,
		analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
		analyze.WorkloadEntry, analyze.WorkloadGroup,
	},
	Codes: []*analyze.Code{never},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var never = &analyze.Code{ID: "MSH3001", Severity: analyze.Warning, Title: "Outlier detection can never trip", Doc: msh3001}

func run(pass *analyze.Pass) error {
	whole := pass.Mesh.OneCluster()
	for of := range pass.Mesh.DestinationRules().All() {
		found := places(of.Spec)
		for _, place := range found {
			reportCounters(pass, of, place)
		}
		if rule := pass.Mesh.RuleOf(of); len(found) > 0 && whole && rule != nil {
			reportFloor(pass, rule)
		}
	}
	return nil
}

// place is outlier detection somewhere in a rule.
type place struct {
	*networking.OutlierDetection
	at object.Path
}

// places are all outlier detection in a rule, in the order of its fields.
func places(spec *networking.DestinationRule) []place {
	var found []place
	in := func(policy *networking.TrafficPolicy, at object.Path) {
		if own := policy.GetOutlierDetection(); own != nil {
			found = append(found, place{own, at.With("outlierDetection")})
		}
		for i, settings := range policy.GetPortLevelSettings() {
			if own := settings.GetOutlierDetection(); own != nil {
				found = append(found, place{own, at.With("portLevelSettings", i, "outlierDetection")})
			}
		}
	}
	in(spec.GetTrafficPolicy(), object.Field("spec.trafficPolicy"))
	for i, subset := range spec.GetSubsets() {
		in(subset.GetTrafficPolicy(), object.Field("spec.subsets", i, "trafficPolicy"))
	}
	return found
}

// The values of Envoy and Istio for what a rule does not set.
const (
	defaultErrors  = 5
	defaultPercent = 10
)

// reportCounters finds errors that are not counted, or counted in vain.
func reportCounters(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule], p place) {
	errors, which := uint32(defaultErrors), strconv.Itoa(defaultErrors)+" by default"
	if p.Consecutive_5XxErrors != nil {
		errors = p.Consecutive_5XxErrors.GetValue()
		which = strconv.FormatUint(uint64(errors), 10)
	}
	gateway := p.GetConsecutiveGatewayErrors().GetValue()
	switch {
	case errors == 0 && gateway == 0 && !p.GetSplitExternalLocalOriginErrors():
		pass.Reportf(never, rule, p.at.With("consecutive5xxErrors"),
			"no errors are counted, so no endpoint is ever left out: consecutive5xxErrors is 0, and consecutiveGatewayErrors is not set")
	case gateway > 0 && errors > 0 && gateway >= errors:
		pass.Reportf(never, rule, p.at.With("consecutiveGatewayErrors"),
			"consecutiveGatewayErrors %d never decides, as gateway errors count for consecutive5xxErrors too, which is %s: make it less, or set the other to 0",
			gateway, which)
	}
}

// floor is outlier detection under which one endpoint is more than may be left out.
type floor struct {
	place
	// hosts are those it holds for, and few the smallest number of endpoints.
	hosts  []*analyze.Host
	names  []string
	few    int
	client string
}

// reportFloor compares the share of one endpoint with the share that may be
// left out, for all hosts of a rule.
func reportFloor(pass *analyze.Pass, rule *analyze.Rule) {
	var floors []*floor
	likely := ""
	for _, host := range pass.Mesh.HostsOf(rule) {
		for subset := analyze.NoSubset; subset < len(rule.Spec.GetSubsets()); subset++ {
			count, known := count(pass.Mesh, rule, host, subset)
			if !known || count == 0 {
				continue
			}
			found := tooFew(rule, host, subset, count)
			if found == nil {
				continue
			}
			client, ok := pass.Mesh.GovernedClient(rule, subset, host, likely)
			if !ok {
				continue
			}
			likely, found.client = client, client
			floors = merge(floors, found)
		}
	}
	for _, f := range floors {
		pass.Report(f.diagnostic(rule))
	}
}

// tooFew finds the outlier detection of the host's ports that cannot leave out
// one of so many endpoints. Ports that share it are one.
func tooFew(rule *analyze.Rule, host *analyze.Host, subset, count int) *floor {
	for _, port := range host.Ports {
		detection, at := rule.OutlierDetection(subset, port.Number)
		if detection == nil || subset != analyze.NoSubset && at[1].Name != "subsets" {
			continue
		}
		percent := int(detection.GetMaxEjectionPercent())
		if percent == 0 {
			percent = defaultPercent
		}
		if count*percent < 100 {
			name := host.Name
			if subset != analyze.NoSubset {
				name = "subset " + rule.Spec.Subsets[subset].GetName() + " of " + name
			}
			return &floor{place: place{detection, at}, hosts: []*analyze.Host{host}, names: []string{name}, few: count}
		}
	}
	return nil
}

func merge(floors []*floor, found *floor) []*floor {
	at := slices.IndexFunc(floors, func(f *floor) bool { return slices.Equal(f.at, found.at) })
	if at < 0 {
		return append(floors, found)
	}
	known := floors[at]
	known.hosts = append(known.hosts, found.hosts...)
	known.names = append(known.names, found.names...)
	if found.few < known.few {
		// The smallest is the example.
		last := len(known.names) - 1
		known.names[0], known.names[last] = known.names[last], known.names[0]
		known.few = found.few
	}
	return floors
}

func (f *floor) diagnostic(rule *analyze.Rule) analyze.Diagnostic {
	enough := (100 + f.few - 1) / f.few
	percent := strconv.Itoa(int(f.GetMaxEjectionPercent()))
	if f.GetMaxEjectionPercent() == 0 {
		percent = strconv.Itoa(defaultPercent) + " by default"
	}
	text := fmt.Sprintf("no endpoint of %s is ever left out: one of its %d is %d %% of all, and maxEjectionPercent is %s", f.names[0], f.few, 100/f.few, percent)
	if f.few == 1 {
		text = fmt.Sprintf("the only endpoint of %s is never left out: it is all there is, and maxEjectionPercent is %s", f.names[0], percent)
	}
	if more := len(f.names) - 1; more > 0 {
		text += fmt.Sprintf(" (%d more hosts have too few as well)", more)
	}
	at := f.at.With("maxEjectionPercent")
	return analyze.Diagnostic{
		Code: never, On: rule, Field: at, Message: text,
		Related: []analyze.Related{{On: f.hosts[0], Field: object.Field("spec"), Note: "the host"}},
		Fixes: []analyze.Fix{{
			Title: fmt.Sprintf("let %d %% be left out, which is one of %d", enough, f.few),
			Edits: []analyze.Edit{{On: rule, Op: analyze.Set, Field: at, Value: enough}},
		}},
	}
}
