package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/fix"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

// analysis is one run of analyze: what was read, how it is looked at, and what
// that came to.
type analysis struct {
	*analyzeOptions
	env       *Env
	selection suite.Selection
	// rulesFile is where rules were read, empty if there are none.
	rulesFile string
	options   analyze.Options
	known     []known
	input     analyzeInput
	// mesh is that of the first cluster: all have the same files. objects counts
	// those of all clusters.
	mesh    *analyze.Mesh
	objects int
	found   *analyze.Report
	fixed   *fix.Result
}

// prepare reads all that is needed before the first look.
func (o *analyzeOptions) prepare(ctx context.Context, env *Env) (*analysis, error) {
	a, err := o.gather(ctx, env)
	if err != nil {
		return nil, err
	}
	return a, a.learn(ctx)
}

// gather reads what is to be analysed, and how.
func (o *analyzeOptions) gather(ctx context.Context, env *Env) (*analysis, error) {
	a := &analysis{analyzeOptions: o, env: env}
	rules, err := o.readRules()
	a.rulesFile = rules.file
	if err != nil {
		return nil, err
	}
	checks, skips := o.checks, slices.Concat(o.skips, rules.Analyze.Skip)
	if len(checks) == 0 {
		checks = rules.Analyze.Check
	}
	if a.selection, err = suite.Select(checks, skips); err != nil {
		return nil, unknownCheck(err)
	}
	suppress, err := suppressions(env, o.suppress)
	if err != nil {
		return nil, err
	}
	if a.input, err = o.read(ctx, env, a.selection); err != nil {
		return nil, err
	}
	a.options = analyze.Options{
		Namespace: o.namespace(env), Suppress: slices.Concat(suppress, rules.suppress),
		Severities: rules.severities, Relative: rules.relative, Today: env.Now(),
		Whole: len(o.checks)+len(o.skips) == 0,
	}
	if len(checks)+len(skips) > 0 {
		a.options.Keep = a.selection.Keeps
	}
	return a, nil
}

// look analyses what was read.
func (a *analysis) look(ctx context.Context) error {
	mesh, found, err := a.analyse(ctx, a.documents())
	if err != nil {
		return err
	}
	a.mesh, a.found = mesh, found
	return nil
}

// documents are all that was read, also what configures the mesh.
func (a *analysis) documents() []object.Document {
	documents := slices.Clip(a.input.mesh.Documents)
	for _, one := range []*object.Document{a.input.mesh.MeshConfig, a.input.mesh.MeshNetworks} {
		if one != nil {
			documents = append(documents, *one)
		}
	}
	return documents
}

// analyse analyses documents in place of those that were read, and takes out
// what was known before.
func (a *analysis) analyse(ctx context.Context, documents []object.Document) (*analyze.Mesh, *analyze.Report, error) {
	meshes, err := a.input.meshes(ctx, a.withDocuments(documents))
	if err != nil {
		return nil, nil, err
	}
	found, err := a.input.analyze(ctx, meshes, a.selection.Analyzers, a.options)
	if err != nil {
		return nil, nil, err
	}
	a.objects = 0
	for _, mesh := range meshes {
		a.objects += mesh.Len()
	}
	for i := range a.known {
		one := &a.known[i]
		had, gone := len(found.Baselined), len(found.Fixed)
		found.Except(one.Baseline)
		one.had, one.gone = len(found.Baselined)-had, len(found.Fixed)-gone
	}
	return meshes[0], found, nil
}

func (a *analysis) withDocuments(documents []object.Document) analyze.Input {
	input := a.input.mesh
	input.Documents = documents
	if a.meshConfig == "" && a.meshNetworks == "" {
		return input
	}
	input.Documents = nil
	for _, document := range documents {
		switch document.Source.File {
		case a.meshConfig:
			input.MeshConfig = &document
		case a.meshNetworks:
			input.MeshNetworks = &document
		default:
			input.Documents = append(input.Documents, document)
		}
	}
	return input
}

// verdict is the exit code, from the findings and not from what is shown.
func (a *analysis) verdict() error {
	var errs []error
	if worst := a.found.Worst(); worst > 0 && worst >= a.failOn.Severity {
		errs = append(errs, errFindings)
	}
	if !a.ignoreUnknown {
		errs = append(errs, a.mesh.Unread()...)
	}
	for _, broken := range a.found.Broken {
		errs = append(errs, fmt.Errorf("running check %s: %w", broken.Analyzer, broken.Err))
	}
	if len(a.found.Skipped) > 0 || a.input.incomplete() {
		errs = append(errs, errPartial)
	}
	return errors.Join(errs...)
}
