package virtualservice

import (
	"fmt"
	"slices"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// TestOverlaps_OfManyAreThoseOfFew compares the two ways to find them.
func TestOverlaps_OfManyAreThoseOfFew(t *testing.T) {
	hosts := []string{"a.x.com", "*.y.com", "b.y.com", "*.com", "c.org", "c.org", "*.x.org", "*.a.x.org", "x.org", "*z.net", "yz.net", "d.net"}
	for i := range 20 {
		hosts = append(hosts, fmt.Sprintf("host%d.example", i))
	}
	want := make([]int, len(hosts))
	for i, host := range hosts {
		want[i] = slices.IndexFunc(hosts[:i], func(other string) bool { return rules.Overlap(host, other) })
	}
	got := overlaps(hosts)
	for i := range hosts {
		if (want[i] < 0) != (got[i] < 0) || got[i] >= 0 && !rules.Overlap(hosts[i], hosts[got[i]]) {
			t.Errorf("%s overlaps %d, and not %d", hosts[i], want[i], got[i])
		}
	}
}

func TestOverlaps_TakesManyHosts(t *testing.T) {
	hosts := make([]string, 20_000)
	for i := range hosts {
		hosts[i] = fmt.Sprintf("*.host%d.example", i)
	}
	hosts[len(hosts)-1] = "a.host7.example"
	for i, twin := range overlaps(hosts) {
		if want := map[bool]int{true: 7, false: -1}[i == len(hosts)-1]; twin != want {
			t.Fatalf("host %d overlaps %d, and not %d", i, want, twin)
		}
	}
}
