package profiles

import (
	"cmp"
	"slices"
	"strings"
)

// Near lists the known names that a misspelt one may stand for, nearest first,
// three at most.
func Near(name string, known []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, other := range known {
		limit := max(1, max(len(name), len(other))/3)
		distance := editDistance(strings.ToLower(name), strings.ToLower(other))
		if distance <= limit || len(name) >= 4 && strings.HasPrefix(strings.ToLower(other), strings.ToLower(name)) {
			near = append(near, candidate{other, distance})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(sharedStart(b.name, name), sharedStart(a.name, name)), strings.Compare(a.name, b.name))
	})
	names := make([]string, 0, 3)
	for _, c := range near[:min(len(near), 3)] {
		names = append(names, c.name)
	}
	return names
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn one text into another (optimal string alignment).
func editDistance(a, b string) int {
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}

// sharedStart counts the letters two names begin alike with.
func sharedStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
