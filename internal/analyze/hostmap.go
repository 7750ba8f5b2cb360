package analyze

import (
	"slices"
	"strings"
	"sync"
)

// HostMap finds values by host name where both sides may have wildcards. Add
// everything first; afterwards it is safe for concurrent use. Looking up costs
// as many steps as a name has labels, however many names there are.
type HostMap[T any] struct {
	exact map[string][]T
	// wild is keyed by what follows the star: ".shop.com" for *.shop.com.
	wild map[string][]T
	// partial are the wildcards that part inside of a label, such as *shop.com.
	partial []string

	sorted  sync.Once
	reverse []reversed
}

type reversed struct{ name, host string }

// Add puts a value under a host: a name, "*", or one that begins with a star.
func (h *HostMap[T]) Add(host string, value T) {
	if h.exact == nil {
		h.exact, h.wild = map[string][]T{}, map[string][]T{}
	}
	host = strings.ToLower(host)
	suffix, wild := strings.CutPrefix(host, "*")
	if !wild {
		h.exact[host] = append(h.exact[host], value)
		return
	}
	if suffix != "" && suffix[0] != '.' && h.wild[suffix] == nil {
		h.partial = append(h.partial, suffix)
	}
	h.wild[suffix] = append(h.wild[suffix], value)
}

// Exact are the values under this very host.
func (h *HostMap[T]) Exact(host string) []T {
	host = strings.ToLower(host)
	if suffix, wild := strings.CutPrefix(host, "*"); wild {
		return h.wild[suffix]
	}
	return h.exact[host]
}

// Covering are the values under the host and under wildcards that include all
// of it, the most specific first. The list is not the caller's to change.
func (h *HostMap[T]) Covering(host string) []T {
	host = strings.ToLower(host)
	suffix, wild := strings.CutPrefix(host, "*")
	found := h.exact[host]
	if wild {
		found = h.wild[suffix]
	}
	found = slices.Clip(found)
	for _, wider := range h.wider(suffix, wild) {
		found = append(found, h.wild[wider]...)
	}
	return found
}

// wider are the suffixes under which a wildcard includes the host, longest first.
func (h *HostMap[T]) wider(suffix string, wild bool) []string {
	if len(h.wild) == 0 {
		return nil
	}
	var found []string
	for at := 0; at < len(suffix); at++ {
		if suffix[at] != '.' || wild && at == 0 {
			continue
		}
		if h.wild[suffix[at:]] != nil {
			found = append(found, suffix[at:])
		}
	}
	for _, partial := range h.partial {
		if strings.HasSuffix(suffix, partial) && (suffix != partial || !wild) {
			found = append(found, partial)
		}
	}
	if h.wild[""] != nil && (suffix != "" || !wild) {
		found = append(found, "")
	}
	slices.SortStableFunc(found, func(a, b string) int { return len(b) - len(a) })
	return found
}

// Within are the values under hosts that a wildcard includes, itself left out,
// in the order of their names read backwards. For a host without a star there
// are none.
func (h *HostMap[T]) Within(host string) []T {
	var found []T
	h.within(host, func(value T) bool {
		found = append(found, value)
		return true
	})
	return found
}

// within calls yield for what Within returns, until it says false.
func (h *HostMap[T]) within(host string, yield func(T) bool) {
	suffix, wild := strings.CutPrefix(strings.ToLower(host), "*")
	if !wild {
		return
	}
	h.sorted.Do(h.sort)
	prefix := backwards(suffix)
	first, _ := slices.BinarySearchFunc(h.reverse, prefix, func(r reversed, prefix string) int { return strings.Compare(r.name, prefix) })
	for _, r := range h.reverse[first:] {
		if !strings.HasPrefix(r.name, prefix) {
			return
		}
		if r.host == "*"+suffix {
			continue
		}
		for _, value := range h.Exact(r.host) {
			if !yield(value) {
				return
			}
		}
	}
}

// Overlapping are the values under all hosts that have a name in common with this one.
func (h *HostMap[T]) Overlapping(host string) []T {
	return append(h.Covering(host), h.Within(host)...)
}

// Overlap says whether any value under a host that has a name in common with
// this one is as asked for. It looks at no more of them than it must.
func (h *HostMap[T]) Overlap(host string, wanted func(T) bool) bool {
	if slices.ContainsFunc(h.Covering(host), wanted) {
		return true
	}
	found := false
	h.within(host, func(value T) bool {
		found = wanted(value)
		return !found
	})
	return found
}

func (h *HostMap[T]) sort() {
	for host := range h.exact {
		h.reverse = append(h.reverse, reversed{backwards(host), host})
	}
	for suffix := range h.wild {
		h.reverse = append(h.reverse, reversed{backwards(suffix), "*" + suffix})
	}
	slices.SortFunc(h.reverse, func(a, b reversed) int {
		if order := strings.Compare(a.name, b.name); order != 0 {
			return order
		}
		return strings.Compare(a.host, b.host)
	})
}

func backwards(text string) string {
	bytes := []byte(text)
	slices.Reverse(bytes)
	return string(bytes)
}

// HostsOverlap says whether two hosts, with or without a wildcard, have a name in common.
func HostsOverlap(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	suffixA, wildA := strings.CutPrefix(a, "*")
	suffixB, wildB := strings.CutPrefix(b, "*")
	switch {
	case wildA && wildB:
		return strings.HasSuffix(suffixA, suffixB) || strings.HasSuffix(suffixB, suffixA)
	case wildA:
		return strings.HasSuffix(b, suffixA)
	case wildB:
		return strings.HasSuffix(a, suffixB)
	}
	return a == b
}
