// Package series makes up the metrics of a mesh, as Prometheus would have
// scraped them from istiod, proxies, ztunnels and kubelets.
//
// It turns a table of workloads and edges (topology.go) into series, and the
// same table into the figures that a question about them has to be answered
// with (figures.go). Nothing is random and every counter grows evenly, so that a
// rate over any window is exactly the one in the table. The names of metrics and
// labels are those of Istio 1.30 behind the scrape jobs of our Prometheus chart.
// The package knows no server: e2e/prometheus starts one and hands it these.
package series

import (
	"maps"
	"slices"
	"time"
)

// Series is one time series whose value changes evenly, or not at all.
type Series struct {
	// Labels has the name of the metric as __name__.
	Labels map[string]string
	// Start is the value at the beginning.
	Start float64
	// Slope is by how much it grows in a second.
	Slope float64
}

// Name is the name of the metric.
func (s Series) Name() string { return s.Labels["__name__"] }

// At is the value so long after the beginning.
func (s Series) At(elapsed time.Duration) float64 { return s.Start + s.Slope*elapsed.Seconds() }

// Keys are the names of the labels in order, as Prometheus wants them.
func (s Series) Keys() []string { return slices.Sorted(maps.Keys(s.Labels)) }

// All is every series of the mesh. Gauges that hold a time, such as that at which
// a process started, hold one that fits a mesh seen at begin.
func All(begin time.Time) []Series {
	mesh := NewMesh()
	all := mesh.Traffic()
	for _, w := range mesh.Workloads {
		all = append(all, workload(w, begin)...)
	}
	return append(all, controlPlane(begin)...)
}

// Traffic is what the proxies and ztunnels of a mesh count of requests and connections.
func (m MeshTable) Traffic() []Series {
	var all []Series
	for _, edge := range m.Edges {
		all = append(all, traffic(edge)...)
	}
	return all
}

// age is how long everything has been running at the beginning. Prometheus does
// not extrapolate a counter below zero, so none may begin there.
const age = 2 * time.Hour

// labels is a set of labels that is never changed, only added to.
type labels map[string]string

func (l labels) with(pairs ...string) labels {
	all := maps.Clone(l)
	if all == nil {
		all = labels{}
	}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}

// gauge stays what it is.
func (l labels) gauge(name string, value float64) Series {
	return Series{Labels: l.with("__name__", name), Start: value}
}

// counter grows by perSecond, and has for a while.
func (l labels) counter(name string, perSecond float64) Series {
	return Series{Labels: l.with("__name__", name), Start: perSecond * age.Seconds(), Slope: perSecond}
}
