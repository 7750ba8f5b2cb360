package near_test

import (
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/near"
)

func TestName(t *testing.T) {
	for _, test := range []struct{ name, known, want string }{
		{"outlierDetecion", "tls loadBalancer outlierDetection", "outlierDetection"},
		{"Hosts", "host hosts", "hosts"},
		{"lables", "labels annotations", "labels"},
		{"completelyElse", "tls loadBalancer", ""},
		{"a", "b c", ""},
		{"", "a", ""},
		{"tsl", "tls tcp", "tls"},
		{"prot", "port name", "port"},
	} {
		if got := near.Name(test.name, strings.Fields(test.known)); got != test.want {
			t.Errorf("%q among %q: got %q, want %q", test.name, test.known, got, test.want)
		}
	}
}
