package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

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
	// lives are the clusters that were asked.
	lives []*load.Live
	// facts are what they say of themselves, if a check wants to know.
	facts []*analyze.ClusterFacts
}

func (o *analyzeOptions) read(ctx context.Context, env *Env, selection suite.Selection) (analyzeInput, error) {
	in := analyzeInput{mesh: analyze.Input{
		Complete:  o.complete && !o.useKube,
		Namespace: cmp.Or(env.Global.Namespace, "default"),
		Settings:  analyze.Settings{IstioNamespace: env.Global.IstioNamespace, Revision: o.revision, Now: env.Now()},
	}}
	var err error
	if in.files, err = o.readFiles(ctx, env); err != nil {
		return in, err
	}
	in.mesh.Documents, in.mesh.Unread = in.files.Documents, in.files.Unread
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
	in.lives, in.facts, err = o.readClusters(ctx, env, selection)
	return in, err
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

// skippable are the errors of one kind that say nothing about the others.
func skippable(err error) bool {
	_, forbidden := errors.AsType[*kube.ForbiddenError](err)
	_, unavailable := errors.AsType[*kube.GroupUnavailableError](err)
	return forbidden || unavailable
}
