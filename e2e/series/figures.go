package series

import "slices"

// Figures is what is true of some edges together, each counted once. Rates are per second.
type Figures struct {
	// RPS counts requests of HTTP and gRPC; Failed those whose server is to blame.
	RPS, Failed float64
	// Codes is RPS by the first digit of the HTTP code, as in "2xx". For gRPC that is always "2xx".
	Codes map[string]float64
	// P50, P95 and P99 are quantiles of the latency in milliseconds, NaN without requests.
	P50, P95, P99 float64
	// Sent, Received and Opened are bytes and connections of TCP.
	Sent, Received, Opened float64
}

// Success is the share of requests that did not fail, 1 without requests.
func (f Figures) Success() float64 {
	if f.RPS == 0 {
		return 1
	}
	return 1 - f.Failed/f.RPS
}

// Sum adds edges up.
func Sum(edges []Edge) Figures {
	sum := Figures{Codes: map[string]float64{}}
	var latencies []Histogram
	var weights []float64
	for _, e := range edges {
		rps := e.RPS()
		for _, r := range e.Responses {
			sum.Codes[string(rune('0'+r.Code/100))+"xx"] += r.Rate
			if r.Failed() {
				sum.Failed += r.Rate
			}
		}
		sum.RPS += rps
		sum.Sent += e.Sent
		sum.Received += e.Received
		sum.Opened += e.Opened
		latencies, weights = append(latencies, e.Latency), append(weights, rps)
	}
	all := mixed(latencies, weights)
	sum.P50, sum.P95, sum.P99 = all.Quantile(0.50), all.Quantile(0.95), all.Quantile(0.99)
	return sum
}

// RPS is how many requests a second take the edge.
func (e Edge) RPS() float64 {
	rps := 0.0
	for _, r := range e.Responses {
		rps += r.Rate
	}
	return rps
}

// ReportedBy picks what one of the reporters counts.
func (m MeshTable) ReportedBy(reporters ...string) MeshTable {
	seen := m.where(func(e Edge) bool {
		return slices.ContainsFunc(e.Reporters, func(r string) bool { return slices.Contains(reporters, r) })
	})
	if !slices.Contains(reporters, fromSource) {
		for i, e := range seen.Edges {
			seen.Edges[i].Responses = e.seenBy(reporters[0])
		}
	}
	return seen
}

// ToService picks the edges through a service.
func (m MeshTable) ToService(host string) MeshTable {
	return m.where(func(e Edge) bool { return e.Service == host })
}

// To picks the edges into a workload.
func (m MeshTable) To(namespace, name string) MeshTable {
	return m.where(func(e Edge) bool { return e.To.Namespace == namespace && e.To.Name == name })
}

// WithoutHops leaves out the bytes of what waypoints count as requests, but for those into the waypoint itself.
func (m MeshTable) WithoutHops() MeshTable {
	return m.where(func(e Edge) bool { return !e.Hop || e.To.Kind == Waypoint })
}

// From picks the edges out of a workload.
func (m MeshTable) From(namespace, name string) MeshTable {
	return m.where(func(e Edge) bool { return e.From.Namespace == namespace && e.From.Name == name })
}

// Sum adds up what is left.
func (m MeshTable) Sum() Figures { return Sum(m.Edges) }

func (m MeshTable) where(wanted func(Edge) bool) MeshTable {
	kept := MeshTable{Workloads: m.Workloads}
	for _, e := range m.Edges {
		if wanted(e) {
			kept.Edges = append(kept.Edges, e)
		}
	}
	return kept
}
