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
	"sync/atomic"
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
	// Answered is told how many of how many questions have been answered; it may be nil.
	Answered func(answered, asked int)
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
	var answered atomic.Int32
	tell := func(n int32) {
		if options.Answered != nil {
			options.Answered(int(n), len(queries))
		}
	}
	tell(0)
	group, groupCtx := errgroup.WithContext(ctx)
	for i, query := range queries {
		group.Go(func() (err error) {
			answers[i], err = source.Query(groupCtx, query.text, options.At)
			tell(answered.Add(1))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Picture{}, err
	}
	reports := reports{}
	for i, query := range queries {
		for _, sample := range answers[i] {
			if report := reports.of(sample); report != nil {
				query.count(report, sample)
			}
		}
	}
	return Picture{Edges: reports.edges(), Window: options.Window, At: options.At}, nil
}
