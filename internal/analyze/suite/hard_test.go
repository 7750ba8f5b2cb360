package suite_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

// TestChecks_ComeToAnEnd gives the checks what could lead them in circles, or
// to compare everything with everything.
func TestChecks_ComeToAnEnd(t *testing.T) {
	for name, text := range map[string]string{
		"delegates in a circle":      circle(),
		"a gateway with 10000 hosts": manyHosts(10_000),
	} {
		t.Run(name, func(t *testing.T) {
			mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("-", []byte(text)), Complete: true, Namespace: "default"})
			if err != nil {
				t.Fatal(err)
			}
			report, err := analyze.Run(t.Context(), mesh, suite.All(), analyze.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range report.Broken {
				t.Errorf("%s: %v", broken.Analyzer, broken.Err)
			}
			for _, err := range mesh.Unread() {
				t.Error(err)
			}
			if len(report.Findings) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

// circle has routes that delegate to each other, and one to itself.
func circle() string {
	var text strings.Builder
	for i, to := range []string{"route-1", "route-2", "route-0", "route-3"} {
		fmt.Fprintf(&text, "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: route-%d}\nspec:\n  http: [{match: [{uri: {prefix: /}}], delegate: {name: %s}}]\n", i, to)
	}
	text.WriteString("---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: root}\nspec:\n  hosts: [a.example.com]\n  http: [{delegate: {name: route-0}}]\n")
	return text.String()
}

func manyHosts(n int) string {
	var hosts, routes strings.Builder
	for i := range n {
		fmt.Fprintf(&hosts, "        - h%d.example.com\n", i)
		fmt.Fprintf(&routes, "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v%d}\nspec:\n  hosts: [h%d.example.com]\n  gateways: [large]\n  http: [{route: [{destination: {host: a}}]}]\n", i, i)
	}
	server := func(port int) string {
		return fmt.Sprintf("    - port: {number: %d, name: http-%d, protocol: HTTP}\n      hosts:\n%s", port, port, hosts.String())
	}
	return "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: large}\nspec:\n  selector: {istio: ingress}\n  servers:\n" + server(80) + server(81) + routes.String()
}
