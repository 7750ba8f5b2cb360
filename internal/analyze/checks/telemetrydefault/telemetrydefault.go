// Package telemetrydefault finds Telemetries of which a namespace can have one only.
package telemetrydefault

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0160.md
var ist0160 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "telemetrydefault",
	Legacy: []string{"telemetry.DefaultSelectorAnalyzer"},
	Doc:    "A namespace has one Telemetry at most that is for all of its workloads.",
	Needs:  []analyze.Kind{analyze.Telemetry},
	Codes:  []*analyze.Code{several},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var several = &analyze.Code{ID: "IST0160", Severity: analyze.Error, Title: "A namespace has several Telemetries without selector", Doc: ist0160}

func run(pass *analyze.Pass) error {
	byNamespace := map[string][]*analyze.Resource{}
	for _, policy := range pass.Mesh.Policies(analyze.Telemetry, "") {
		if len(policy.Targets) == 0 && len(policy.Labels) == 0 {
			byNamespace[policy.Namespace] = append(byNamespace[policy.Namespace], policy.Resource)
		}
	}
	for _, namespace := range slices.Sorted(maps.Keys(byNamespace)) {
		telemetries := byNamespace[namespace]
		for i, telemetry := range telemetries {
			if len(telemetries) > 1 {
				report(pass, namespace, telemetry, append(telemetries[:i:i], telemetries[i+1:]...))
			}
		}
	}
	return nil
}

func report(pass *analyze.Pass, namespace string, on *analyze.Resource, others []*analyze.Resource) {
	const most = 3
	d := analyze.Diagnostic{
		Code: several, On: on, Field: object.Field("spec"),
		Message: fmt.Sprintf("%d contend for namespace %s, of which istiod takes one, the oldest: the others are %s", len(others)+1, namespace, analyze.Names(others, most)),
	}
	for _, other := range others[:min(most, len(others))] {
		d.Related = append(d.Related, analyze.Related{On: other, Field: object.Field("spec"), Note: "the same workloads"})
	}
	pass.Report(d)
}
