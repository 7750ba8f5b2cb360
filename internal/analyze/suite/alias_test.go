package suite_test

import (
	"slices"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

const brokenRoute = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.test]
  gateways: [nowhere]
  http: [{route: [{destination: {host: nothing}}], mirror: {host: nothing}}]
`

// TestAlias_IsThatOfSidecars has one code of Kiali for what are two here.
func TestAlias_IsThatOfSidecars(t *testing.T) {
	const text = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: idle, namespace: shop}
spec: {workloadSelector: {labels: {app: none}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: idle, namespace: shop}
spec: {selector: {matchLabels: {app: none}}, tracing: [{randomSamplingPercentage: 5}]}
`
	mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("a.yaml", []byte(text)), Complete: true})
	if err != nil {
		t.Fatal(err)
	}
	selection, err := suite.Select([]string{"KIA0004"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := analyze.Run(t.Context(), mesh, selection.Analyzers, analyze.Options{Keep: selection.Keeps})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Findings) != 1 || report.Findings[0].Resource.Kind != analyze.Sidecar {
		t.Errorf("KIA0004 finds %v", report.Findings)
	}
}

// TestAlias_IsAPartOfTheCode has the codes of Kiali stand for as much as they
// say, where a code of ours says more.
func TestAlias_IsAPartOfTheCode(t *testing.T) {
	for _, test := range []struct {
		name        string
		only        []string
		annotations string
		want        []string
	}{
		{"all", []string{"IST0101"}, "", []string{"spec.gateways[0]", "spec.http[0].mirror.host", "spec.http[0].route[0].destination.host"}},
		{"hosts", []string{"KIA1101"}, "", []string{"spec.http[0].route[0].destination.host"}},
		{"gateways", []string{"KIA1102"}, "", []string{"spec.gateways[0]"}},
		{"but hosts", []string{"IST0101"}, "KIA1101", []string{"spec.gateways[0]", "spec.http[0].mirror.host"}},
		{"but what Kiali knows", []string{"IST0101"}, `""`, []string{"spec.http[0].mirror.host"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := brokenRoute
			if test.annotations != "" {
				text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop, annotations: {kiali.io/ignore-validations: ` + test.annotations + "}}\n" + text[len("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: shop, namespace: shop}\n"):]
			}
			mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("a.yaml", []byte(text)), Complete: true})
			if err != nil {
				t.Fatal(err)
			}
			selection, err := suite.Select(test.only, nil)
			if err != nil {
				t.Fatal(err)
			}
			report, err := analyze.Run(t.Context(), mesh, selection.Analyzers, analyze.Options{Keep: selection.Keeps})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, finding := range report.Findings {
				got = append(got, finding.Field.String())
			}
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
