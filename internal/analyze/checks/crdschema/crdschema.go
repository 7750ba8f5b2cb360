// Package crdschema finds custom resources that their definitions do not allow:
// what the API server would refuse, or take away.
package crdschema

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/analyze/crd"
	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/analyze/near"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH0006.md
var msh0006 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "crdschema",
	Doc:   "The API server takes custom resources as they are: their definitions (CRD) allow what they say, with rules in CEL.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Uses:  []analyze.Kind{analyze.CustomResourceDefinition},
	Codes: []*analyze.Code{codes.UnknownField, refused},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var refused = &analyze.Code{
	ID: "MSH0006", Severity: analyze.Error, Title: "The API server refuses the resource", Doc: msh0006,
	YieldsTo: []string{"IST0106", codes.UnknownField.ID},
}

// result is what the definition says of one resource.
type result struct {
	violations []crd.Violation
	unknown    []crd.Unknown
}

func run(pass *analyze.Pass) error {
	kinds := definitions{pass: pass, found: map[apiVersion]*crd.Version{}}
	kinds.own()
	var resources []*analyze.Resource
	var versions []*crd.Version
	for resource := range pass.Mesh.Documented() {
		version, err := kinds.version(resource)
		if err != nil {
			return err
		}
		if version != nil {
			resources, versions = append(resources, resource), append(versions, version)
		}
	}
	results := make([]result, len(resources))
	pass.Nodes(resources, func(i int, node *object.Node) {
		results[i].violations, results[i].unknown = versions[i].Check(node)
	})
	for i, found := range results {
		report(pass, resources[i], found)
	}
	return nil
}

func report(pass *analyze.Pass, on *analyze.Resource, found result) {
	for _, unknown := range found.unknown {
		if !slices.ContainsFunc(on.Problems, func(p decode.Problem) bool { return equal(p.Path, unknown.Path) }) {
			pass.Report(codes.Unknown(on, unknown.Path, unknown.Known))
		}
	}
	for _, violation := range found.violations {
		name := nameOf(violation.Path)
		message := name + " " + violation.Message
		if violation.Rule {
			message = name + ": " + violation.Message
		}
		if meant := near.Name(violation.Value, violation.Allowed); meant != "" {
			message += fmt.Sprintf(": did you mean %q?", meant)
		}
		pass.Report(analyze.Diagnostic{Code: refused, On: on, Field: violation.Path, Also: violation.Also, Message: message})
	}
}

func equal(a, b object.Path) bool { return slices.Equal(a, b) }

// nameOf is how a message begins: with the last name in a path.
func nameOf(path object.Path) string {
	for i, step := range slices.Backward(path) {
		if step.Name != "" {
			return path[i:].String()
		}
	}
	return "the resource"
}
