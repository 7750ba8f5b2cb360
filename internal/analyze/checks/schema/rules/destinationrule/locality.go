package destinationrule

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Locality judges where requests go by region and zone. watched is true where
// there is outlier detection, without which nobody notices that a place fails.
func Locality(j *rules.Judge, setting *networking.LocalityLoadBalancerSetting, watched bool, at *rules.Place) {
	if len(setting.GetDistribute()) > 0 && len(setting.GetFailover()) > 0 {
		j.Wrong(at.Field("failover"), "requests are spread either by distribute or by failover, not both")
	}
	var from []string
	for i, distribute := range setting.GetDistribute() {
		from = append(from, distribute.GetFrom())
		destinations(j, distribute.GetTo(), at.Field("distribute").Item(i).Field("to"))
	}
	for i, fault := range localityFaults(from) {
		if fault != "" {
			j.Wrong(at.Field("distribute").Item(i).Field("from"), "%q %s", from[i], fault)
		}
	}
	for i, failover := range setting.GetFailover() {
		region(j, failover.GetFrom(), at.Field("failover").Item(i).Field("from"))
		region(j, failover.GetTo(), at.Field("failover").Item(i).Field("to"))
		if failover.GetFrom() == failover.GetTo() {
			j.Wrong(at.Field("failover").Item(i), "a region that fails is replaced by another one, not by itself")
		}
	}
	priorities(j, setting, at)
	if !watched && len(setting.GetFailover())+len(setting.GetFailoverPriority()) > 0 {
		j.Doubt(at, "without outlierDetection nobody notices that a region fails, so there is no failover")
	}
}

func priorities(j *rules.Judge, setting *networking.LocalityLoadBalancerSetting, at *rules.Place) {
	if len(setting.GetFailover()) == 0 {
		return
	}
	for i, label := range setting.GetFailoverPriority() {
		switch label {
		case "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone":
			j.Wrong(at.Field("failoverPriority").Item(i), "where there is failover, it decides between regions and zones: %s cannot be in the list", label)
		}
	}
}

func destinations(j *rules.Judge, to map[string]uint32, at *rules.Place) {
	names, total := rules.SortedKeys(to), uint64(0)
	for i, fault := range localityFaults(names) {
		if fault != "" {
			j.Wrong(at.Field(names[i]), "%q %s", names[i], fault)
		}
		weight := to[names[i]]
		if weight < 1 || weight > 100 {
			j.Wrong(at.Field(names[i]), "a share is from 1 to 100, not %d", weight)
		}
		total += uint64(weight)
	}
	if total != 100 {
		j.Wrong(at, "the shares add up to %d, not to 100", total)
	}
}

func region(j *rules.Judge, name string, at *rules.Place) {
	switch {
	case strings.Contains(name, "*"):
		j.Wrong(at, "a failover names a region, and %q has a star", name)
	case strings.Contains(name, "/"):
		j.Wrong(at, "a failover names a region alone: %s", name[:strings.Index(name, "/")])
	}
}

// localityFaults says of each region/zone/subzone what is wrong with it, or nothing.
func localityFaults(localities []string) []string {
	faults, split := make([]string, len(localities)), make([][]string, len(localities))
	for i, locality := range localities {
		stars, parts := strings.Count(locality, "*"), strings.SplitN(locality, "/", 3)
		split[i] = parts
		switch {
		case stars > 1 || stars == 1 && !strings.HasSuffix(locality, "*"):
			faults[i] = "may have one star, at its end"
		case slices.Contains(parts, ""):
			faults[i] = "lacks a part: region/zone/subzone"
		default:
			for n, other := range split[:i] {
				if sameArea(parts, other) {
					faults[i] = "is part of " + localities[n] + ", or the other way round"
					break
				}
			}
		}
	}
	return faults
}

// sameArea says whether one of two places is within the other.
func sameArea(a, b []string) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] && a[i] != "*" && b[i] != "*" {
			return false
		}
	}
	return true
}
