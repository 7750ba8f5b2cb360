package analyze_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
)

func hosts() []string {
	return []string{"a.com", "b.a.com", "c.b.a.com", "xa.com", "*.a.com", "*.b.a.com", "*", "*.com", "*a.com", "*xa.com", "A.com", "a"}
}

// TestHostMap_AgreesWithComparing tries every pair of hosts against the slow way.
func TestHostMap_AgreesWithComparing(t *testing.T) {
	var all analyze.HostMap[string]
	for _, host := range hosts() {
		all.Add(host, strings.ToLower(host))
	}
	for _, asked := range append(hosts(), "z.a.com", "*.z.a.com", "net", "*.net") {
		var want []string
		for _, host := range hosts() {
			if analyze.HostsOverlap(asked, host) {
				want = append(want, strings.ToLower(host))
			}
		}
		got := all.Overlapping(asked)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s overlaps with %v, want %v", asked, got, want)
		}
		for _, host := range hosts() {
			found := all.Overlap(asked, func(value string) bool { return value == strings.ToLower(host) })
			if found != slices.Contains(want, strings.ToLower(host)) {
				t.Errorf("%s overlaps with %s: %t", asked, host, found)
			}
		}
	}
}

func TestHostMap_PrefersTheMostSpecific(t *testing.T) {
	var all analyze.HostMap[string]
	for _, host := range []string{"*", "*.com", "*.a.com", "b.a.com"} {
		all.Add(host, host)
	}
	if got, want := all.Covering("b.a.com"), []string{"b.a.com", "*.a.com", "*.com", "*"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := all.Covering("*.b.a.com"), []string{"*.a.com", "*.com", "*"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
