// Package traffic says who calls whom in a mesh, how often, how fast and how
// well, from the standard metrics that Istio's proxies and ztunnels count.
//
// It turns series of Prometheus into a Picture: edges between workloads, each
// counted once although both of its sides report it. Tables and graphs are views
// of the picture. The package knows no server; where series come from is an
// interface.
package traffic

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// Source answers queries in PromQL with a vector.
type Source interface {
	Query(ctx context.Context, query string, at time.Time) ([]Sample, error)
}

// Sample is one value of a vector.
type Sample struct {
	Labels map[string]string
	Value  float64
}

// Options say what of the traffic to look at.
type Options struct {
	// Namespace keeps edges from and to workloads in it; empty is the whole mesh.
	Namespace string
	// Window is how far back rates look.
	Window time.Duration
	// At is the moment that they look back from.
	At time.Time
}

// Picture is who called whom during a window.
type Picture struct {
	// Edges are in the order of their ends.
	Edges  []Edge
	Window time.Duration
	At     time.Time
}

// Read takes a picture.
func Read(ctx context.Context, source Source, options Options) (Picture, error) {
	queries := queriesFor(options)
	answers := make([][]Sample, len(queries))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, query := range queries {
		group.Go(func() (err error) {
			answers[i], err = source.Query(groupCtx, query.text, options.At)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Picture{}, err
	}
	reports := reports{}
	for i, query := range queries {
		for _, sample := range answers[i] {
			query.count(reports.of(sample.Labels), sample)
		}
	}
	return Picture{Edges: reports.edges(), Window: options.Window, At: options.At}, nil
}
