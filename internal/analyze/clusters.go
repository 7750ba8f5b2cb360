package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// discovered are the kinds that istiod reads from all clusters of a mesh. All
// others count only in the cluster that they are in.
func discovered() []Kind {
	return []Kind{Namespace, Service, EndpointSlice, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet}
}

// Join makes the meshes of several clusters one: each sees the services and
// workloads of the others, after its own. Findings stay with the cluster that an
// object is in. It must come before the first check.
func Join(meshes []*Mesh) {
	for _, kind := range discovered() {
		own, listed := make([][]*Resource, len(meshes)), true
		for i, m := range meshes {
			own[i] = m.kinds[kind]
			listed = listed && m.known.listed[kind]
		}
		for i, m := range meshes {
			joined := slices.Clone(own[i])
			for j := range meshes {
				if j != i {
					joined = append(joined, own[j]...)
				}
			}
			slices.SortStableFunc(joined, func(a, b *Resource) int {
				return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
			})
			m.kinds[kind], m.known.listed[kind] = joined, listed
		}
	}
}

// Merge makes one report of those of several clusters. What is stale is so
// only if it is in all of them.
func Merge(reports []*Report) *Report {
	if len(reports) == 1 {
		return reports[0]
	}
	merged := &Report{}
	skipped, checks, stale := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, report := range reports {
		merged.Findings = append(merged.Findings, report.Findings...)
		merged.Suppressed = append(merged.Suppressed, report.Suppressed...)
		merged.Unverified = append(merged.Unverified, report.Unverified...)
		merged.Broken = append(merged.Broken, report.Broken...)
		merged.Skipped = append(merged.Skipped, fresh(report.Skipped, skipped)...)
		merged.Checks = append(merged.Checks, fresh(report.Checks, checks)...)
		for _, one := range report.Stale {
			if stale[fmt.Sprint(one)]++; stale[fmt.Sprint(one)] == len(reports) {
				merged.Stale = append(merged.Stale, one)
			}
		}
	}
	slices.Sort(merged.Checks)
	for _, findings := range [][]Finding{merged.Findings, merged.Suppressed, merged.Unverified} {
		slices.SortStableFunc(findings, Finding.compare)
	}
	return merged
}

// fresh are those items that were not seen yet.
func fresh[T any](items []T, seen map[string]bool) []T {
	var found []T
	for _, item := range items {
		if text := fmt.Sprint(item); !seen[text] {
			seen[text] = true
			found = append(found, item)
		}
	}
	return found
}
