package certificate_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/certificate"
	"github.com/meshctl/meshctl/internal/object"
)

func TestCertificate(t *testing.T) { analyzetest.Run(t, certificate.Analyzer) }

func TestCertificate_ExpiresSoon(t *testing.T) {
	text, err := os.ReadFile("testdata/servers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	input := analyze.Input{Documents: object.Documents("servers.yaml", text), Complete: true}
	mesh, err := analyze.NewMesh(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	good, ok := mesh.Credential("ingress", "good")
	if !ok || good.Err != nil {
		t.Fatalf("the credential is %+v", good)
	}
	for _, test := range []struct {
		days int
		want string
	}{
		{29, "in 29 days"}, {1, "in 1 days"}, {31, ""}, {-1, ""}, // what has expired is another finding
	} {
		input.Settings.Now = good.Chain[0].NotAfter.Add(-time.Duration(test.days) * 24 * time.Hour)
		mesh, err := analyze.NewMesh(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		report, err := analyze.Run(t.Context(), mesh, []*analyze.Analyzer{certificate.Analyzer}, analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range report.Findings {
			if strings.Contains(f.Message, "Secret ingress/good expires") {
				got = f.Message
				if f.Severity != analyze.Warning {
					t.Errorf("%d days before the end it is an %s", test.days, f.Severity)
				}
			}
		}
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%d days before the end: got %q, want %q", test.days, got, test.want)
		}
	}
}
