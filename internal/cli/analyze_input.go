package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
)

// analyzeInput is what was read, and from where.
type analyzeInput struct {
	mesh  analyze.Input
	files *load.Files
	live  *load.Live
}

// AnalyzeTimeoutError is a cluster that could not be read in the time given.
type AnalyzeTimeoutError struct{ Limit time.Duration }

func (e *AnalyzeTimeoutError) Error() string {
	return fmt.Sprintf("reading the cluster took longer than %s", e.Limit)
}

func (o *analyzeOptions) read(ctx context.Context, env *Env, selection suite.Selection) (analyzeInput, error) {
	in := analyzeInput{mesh: analyze.Input{
		Complete:  o.complete && !o.useKube,
		Namespace: cmp.Or(env.Global.Namespace, "default"),
		Settings:  analyze.Settings{IstioNamespace: env.Global.IstioNamespace, Revision: o.revision, Now: env.Now()},
	}}
	var err error
	if in.files, err = load.FromFiles(o.paths, env.IO.In); err != nil {
		return in, err
	}
	in.mesh.Documents = in.files.Documents
	if in.mesh.MeshConfig, err = o.single(env, o.meshConfig); err != nil {
		return in, err
	}
	if in.mesh.MeshNetworks, err = o.single(env, o.meshNetworks); err != nil {
		return in, err
	}
	if !o.useKube {
		if len(o.paths) == 0 {
			return in, usageErrorf("nothing to analyse: name files, or leave --use-kube on")
		}
		return in, nil
	}
	if in.live, in.mesh.Settings.Cluster, err = o.readCluster(ctx, env, selection); err != nil {
		return in, err
	}
	in.mesh.Live, in.mesh.Listed = in.live.Objects, in.live.Listed
	return in, nil
}

// single reads a file that is one document, nil if there is no such file.
func (o *analyzeOptions) single(env *Env, path string) (*object.Document, error) {
	if path == "" {
		return nil, nil
	}
	text, err := readInput(env, path, true)
	if err != nil {
		return nil, err
	}
	documents := object.Documents(path, text)
	if len(documents) != 1 {
		return nil, &InputFileError{File: path, Err: fmt.Errorf("there must be one document in it, not %d", len(documents))}
	}
	return &documents[0], nil
}

func (o *analyzeOptions) readCluster(ctx context.Context, env *Env, selection suite.Selection) (*load.Live, *analyze.ClusterFacts, error) {
	cluster, err := env.Cluster()
	if err != nil {
		return nil, nil, err
	}
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.timeout, &AnalyzeTimeoutError{Limit: o.timeout})
		defer cancel()
	}
	kinds := load.Wanted(selection.Analyzers)
	live, err := load.FromCluster(ctx, cluster, kinds, env.Global.IstioNamespace, skippable)
	var facts *analyze.ClusterFacts
	if err == nil && wantsFacts(selection) {
		facts, err = o.facts(ctx, env, cluster)
	}
	if timeout, ok := errors.AsType[*AnalyzeTimeoutError](context.Cause(ctx)); ok {
		return nil, nil, timeout
	}
	return live, facts, err
}

// skippable are the errors of one kind that say nothing about the others.
func skippable(err error) bool {
	_, forbidden := errors.AsType[*kube.ForbiddenError](err)
	_, unavailable := errors.AsType[*kube.GroupUnavailableError](err)
	return forbidden || unavailable
}

// unreadable are the kinds the cluster did not show, and the cluster itself
// where none was asked.
func (in analyzeInput) unreadable() []analyze.Kind {
	if in.live == nil {
		return []analyze.Kind{analyze.Cluster}
	}
	return in.live.Kinds()
}

func (in analyzeInput) incomplete() bool { return in.live != nil && len(in.live.Unreadable) > 0 }
