// Package schema finds resources that their kind does not allow: unknown fields,
// wrong types, and values that break the rules of the kind.
package schema

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH0002.md
var msh0002 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name: "schema",
	Legacy: []string{
		"schema.ValidationAnalyzer.AuthorizationPolicy", "schema.ValidationAnalyzer.PeerAuthentication", "schema.ValidationAnalyzer.ProxyConfig",
		"schema.ValidationAnalyzer.RequestAuthentication", "schema.ValidationAnalyzer.ServiceEntry", "schema.ValidationAnalyzer.Telemetry",
		"schema.ValidationAnalyzer.WorkloadEntry", "schema.ValidationAnalyzer.VirtualService", "schema.ValidationAnalyzer.MeshConfig",
	},
	Doc:   "Resources have the fields and values that their kind allows.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Uses: []analyze.Kind{
		analyze.AuthorizationPolicy, analyze.PeerAuthentication, analyze.RequestAuthentication, analyze.Telemetry,
		analyze.ProxyConfig, analyze.ServiceEntry, analyze.WorkloadEntry,
	},
	Codes: []*analyze.Code{unknown, rules.Invalid, rules.Dubious, rules.Unreachable, rules.Ineffective},
	Run:   run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var unknown = &analyze.Code{ID: "MSH0002", Severity: analyze.Error, Title: "A field or a value is unknown", Doc: msh0002}

func run(pass *analyze.Pass) error {
	for resource := range pass.Mesh.Resources() {
		problems(pass, resource)
	}
	problems(pass, pass.Mesh.Config().Resource)
	problems(pass, pass.Mesh.Networks().Resource)
	apply(pass)
	return nil
}

// problems reports what was noticed when the resource was read.
func problems(pass *analyze.Pass, resource *analyze.Resource) {
	if resource.Live() {
		return
	}
	for _, problem := range resource.Problems {
		name := lastName(problem.Path)
		switch problem.Reason {
		case decode.UnknownField:
			finding := analyze.Diagnostic{Code: unknown, On: resource, Field: problem.Path, Message: fmt.Sprintf("there is no field %q here", name)}
			if near, only := closest(name, problem.Known); near != "" {
				finding.Message += fmt.Sprintf(": did you mean %q?", near)
				finding.Fixes = []analyze.Fix{{
					Title: "rename it to " + near, Safe: only,
					Edits: []analyze.Edit{{On: resource, Op: analyze.Rename, Field: problem.Path, Name: near}},
				}}
			}
			pass.Report(finding)
		case decode.UnknownValue:
			pass.Reportf(unknown, resource, problem.Path, "%s: %s", name, problem.Message)
		default:
			pass.Reportf(rules.Invalid, resource, problem.Path, "%s %s", name, problem.Message)
		}
	}
}

func lastName(path object.Path) string {
	for _, step := range slices.Backward(path) {
		if step.Name != "" {
			return step.Name
		}
	}
	return path.String()
}

// closest is the name that differs least, if it is near enough to be what was
// meant; only says that nothing else can have been meant.
func closest(name string, known []string) (near string, only bool) {
	least, second := len(name), len(name)
	for _, candidate := range known {
		if strings.EqualFold(name, candidate) {
			return candidate, true
		}
		switch distance := edits(strings.ToLower(name), strings.ToLower(candidate)); {
		case distance < least:
			near, least, second = candidate, distance, least
		case distance < second:
			second = distance
		}
	}
	if least > len(name)/3 {
		return "", false
	}
	const typo = 2
	return near, least <= typo && second > least+1
}

// edits counts the letters to insert, delete and replace between two words.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
