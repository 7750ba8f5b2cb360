package virtualservice

import (
	"strings"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// few is how many hosts are compared one with another.
const few = 16

// manyWildcards is how many of them are compared with all hosts before them.
const manyWildcards = 1000

// overlaps has for each host the number of an earlier one that it has hosts in
// common with, or -1.
func overlaps(hosts []string) []int {
	if len(hosts) < 2 {
		return nil
	}
	twins := make([]int, len(hosts))
	for i := range twins {
		twins[i] = -1
	}
	if len(hosts) > few {
		manyOverlaps(hosts, twins)
		return twins
	}
	for i, host := range hosts {
		for n, other := range hosts[:i] {
			if rules.Overlap(host, other) {
				twins[i] = n
				break
			}
		}
	}
	return twins
}

// manyOverlaps compares each host with a set: the ends of a host that begin with
// a letter after a star are the wildcards that could cover it.
func manyOverlaps(hosts []string, twins []int) {
	seen := make(map[string]int, len(hosts))
	wild := 0
	for i, host := range hosts {
		if n, ok := covering(seen, host); ok {
			twins[i] = n
		} else if strings.HasPrefix(host, "*") && wild < manyWildcards {
			wild++
			for n, other := range hosts[:i] {
				if rules.Includes(host, other) {
					twins[i] = n
					break
				}
			}
		}
		if _, ok := seen[host]; !ok {
			seen[host] = i
		}
	}
}

func covering(seen map[string]int, host string) (int, bool) {
	if n, ok := seen[host]; ok {
		return n, true
	}
	rest := strings.TrimPrefix(host, "*")
	for i := 0; i <= len(rest); i++ {
		if n, ok := seen["*"+rest[i:]]; ok {
			return n, true
		}
	}
	return 0, false
}

// clusterHost takes the front part from the name that a gateway between networks
// has for a cluster: outbound_.PORT_.SUBSET_.HOST.
func clusterHost(host string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(host, "outbound_.")
	if !ok {
		return "", false
	}
	port, rest, ok := strings.Cut(rest, "_.")
	if !ok || port == "" || strings.Trim(port, "0123456789") != "" {
		return "", false
	}
	subset, rest, ok := strings.Cut(rest, "_.")
	return rest, ok && (subset == "" || rules.IsLabel(subset))
}
