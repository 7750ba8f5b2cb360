package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/kube"
)

// AnalyzeTimeoutError is a cluster that could not be read in the time given.
type AnalyzeTimeoutError struct{ Limit time.Duration }

func (e *AnalyzeTimeoutError) Error() string {
	return fmt.Sprintf("reading the cluster took longer than %s", e.Limit)
}

// several says whether the user named clusters.
func (o *analyzeOptions) several() bool { return len(o.contexts)+len(o.remotes) > 0 }

// liveSource is a cluster to read.
type liveSource struct {
	*kube.Cluster
	// from answers for it.
	from load.Cluster
	// facts are asked for once.
	facts *analyze.ClusterFacts
}

// clusters are the one that the global flags name, or those of a mesh.
func (o *analyzeOptions) clusters(env *Env) ([]*liveSource, error) {
	var clusters []*liveSource
	add := func(cluster *kube.Cluster) {
		clusters = append(clusters, &liveSource{Cluster: cluster, from: cluster})
	}
	if len(o.contexts) == 0 {
		current, err := env.Cluster()
		if err != nil {
			return nil, err
		}
		add(current)
	}
	for _, name := range slices.Concat(o.contexts, o.remotes) {
		if slices.ContainsFunc(clusters, func(c *liveSource) bool { return c.Context() == name }) {
			continue
		}
		options := env.Global.clusterOptions(env)
		options.Context = name
		cluster, err := kube.Connect(options)
		if err != nil {
			return nil, err
		}
		add(cluster)
	}
	return clusters, nil
}

// readClusters reads all clusters at the same time.
func (o *analyzeOptions) readClusters(ctx context.Context, env *Env, selection suite.Selection) ([]*load.Live, []*analyze.ClusterFacts, error) {
	open := o.opened
	if open == nil {
		open = func() ([]*liveSource, error) { return o.clusters(env) }
	}
	clusters, err := open()
	if err != nil {
		return nil, nil, err
	}
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.timeout, &AnalyzeTimeoutError{Limit: o.timeout})
		defer cancel()
	}
	kinds := load.Wanted(selection.Analyzers)
	lives, facts, failed := make([]*load.Live, len(clusters)), make([]*analyze.ClusterFacts, len(clusters)), make([]error, len(clusters))
	done := make(chan int)
	for i, cluster := range clusters {
		go func() {
			lives[i], failed[i] = load.FromCluster(ctx, cluster.from, kinds, env.Global.IstioNamespace, skippable)
			if failed[i] == nil && wantsFacts(selection) {
				facts[i], failed[i] = o.factsOnce(ctx, env, cluster)
			}
			if timeout, ok := errors.AsType[*AnalyzeTimeoutError](context.Cause(ctx)); ok && failed[i] != nil {
				failed[i] = timeout
			}
			done <- i
		}()
	}
	for range clusters {
		i := <-done
		if len(clusters) == 1 {
			continue
		}
		if failed[i] != nil {
			failed[i] = fmt.Errorf("cluster %s: %w", clusters[i].Context(), failed[i])
			continue
		}
		lives[i].Cluster = clusters[i].Context()
	}
	return lives, facts, errors.Join(failed...)
}

// meshes are those of the clusters, each with the files laid over it, or that of
// the files alone.
func (in *analyzeInput) meshes(ctx context.Context, files analyze.Input) ([]*analyze.Mesh, error) {
	if len(in.lives) == 0 {
		mesh, err := analyze.NewMesh(ctx, files)
		return []*analyze.Mesh{mesh}, err
	}
	meshes := make([]*analyze.Mesh, len(in.lives))
	for i, live := range in.lives {
		input := files
		input.Cluster, input.Live, input.Listed = live.Cluster, live.Objects, live.Listed
		input.Settings.Cluster = in.facts[i]
		var err error
		if meshes[i], err = analyze.NewMesh(ctx, input); err != nil {
			return nil, err
		}
	}
	analyze.Join(meshes)
	return meshes, nil
}

// analyze lets the checks look at each mesh.
func (in *analyzeInput) analyze(ctx context.Context, meshes []*analyze.Mesh, analyzers []*analyze.Analyzer, options analyze.Options) (*analyze.Report, error) {
	reports := make([]*analyze.Report, len(meshes))
	for i, mesh := range meshes {
		options.Unreadable = []analyze.Kind{analyze.Cluster}
		if len(in.lives) > 0 {
			options.Unreadable = in.lives[i].Kinds()
		}
		var err error
		if reports[i], err = analyze.Run(ctx, mesh, analyzers, options); err != nil {
			return nil, err
		}
	}
	return analyze.Merge(reports), nil
}

func (in *analyzeInput) incomplete() bool {
	return slices.ContainsFunc(in.lives, func(live *load.Live) bool { return len(live.Unreadable) > 0 })
}
