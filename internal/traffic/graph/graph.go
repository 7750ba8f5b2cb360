// Package graph draws who calls whom: as text, for Graphviz, for Mermaid, and
// as a page for browsers.
package graph

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/traffic"
)

// Graph is a picture of traffic as nodes and links. It is also what the page
// reads as JSON.
type Graph struct {
	// At and Window say when it was true, and over how long.
	At     time.Time `json:"at"`
	Window string    `json:"window"`
	// Namespace is the one it is limited to; empty is the whole mesh.
	Namespace string `json:"namespace,omitempty"`
	Nodes     []Node `json:"nodes"`
	Links     []Link `json:"links"`
	// Problem says why there are none, if they could not be seen.
	Problem string `json:"problem,omitempty"`
}

// Node is a workload, a host outside of the mesh, or whoever calls from outside.
type Node struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
	Kind      Kind   `json:"kind"`
	// RPS and Success are of the requests into it; Success is missing without any.
	RPS     float64  `json:"rps"`
	Success *float64 `json:"success,omitempty"`
}

// Kind is what a node is.
type Kind string

// The kinds of nodes.
const (
	Workload Kind = "workload"
	Outside  Kind = "outside"
	Stranger Kind = "stranger"
	// Service is one of the cluster for whose requests no workload was found: none of its endpoints is well.
	Service Kind = "service"
)

// Link is all traffic of one protocol between two nodes. The bytes that go to a
// waypoint and from it, and that it counts as requests, are those of a "tunnel".
type Link struct {
	From     string   `json:"from"`
	To       string   `json:"to"`
	Protocol string   `json:"protocol"`
	Services []string `json:"services"`
	RPS      float64  `json:"rps"`
	Success  *float64 `json:"success,omitempty"`
	P95      *float64 `json:"p95ms,omitempty"`
	// Bytes is TCP in both directions, a second.
	Bytes   float64  `json:"bytes"`
	Secured *float64 `json:"secured,omitempty"`

	numbers traffic.Numbers
	secured float64 // the sum, weighted by traffic
	weight  float64
}

// strangerID is the node that stands for callers which the mesh does not know.
const strangerID = "(unknown)"

// Of makes a graph of a picture.
func Of(picture traffic.Picture, namespace string) Graph {
	g := Graph{At: picture.At, Window: traffic.Period(picture.Window), Namespace: namespace, Nodes: []Node{}, Links: []Link{}}
	nodes := map[string]*Node{}
	numbers := map[string]*traffic.Numbers{}
	links := map[[3]string]*Link{}
	node := func(n Node) string {
		if nodes[n.ID] == nil {
			nodes[n.ID], numbers[n.ID] = &n, &traffic.Numbers{}
		}
		return n.ID
	}
	for _, edge := range picture.Edges {
		from, to := node(caller(edge)), node(target(edge))
		numbers[to].Add(edge.Numbers)
		key := [3]string{from, to, edge.Protocol}
		if edge.Hop != traffic.NoHop {
			key[2] = "tunnel"
		}
		if links[key] == nil {
			links[key] = &Link{From: from, To: to, Protocol: key[2]}
		}
		links[key].add(edge)
	}
	for id, n := range nodes {
		n.RPS, n.Success = numbers[id].RPS, success(*numbers[id])
		g.Nodes = append(g.Nodes, *n)
	}
	for _, link := range links {
		g.Links = append(g.Links, link.finished())
	}
	slices.SortFunc(g.Nodes, func(a, b Node) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(g.Links, func(a, b Link) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), strings.Compare(a.Protocol, b.Protocol))
	})
	return g
}

func caller(edge traffic.Edge) Node {
	if edge.From.Known() {
		return workload(edge.From)
	}
	return Node{ID: strangerID, Name: "unknown callers", Kind: Stranger}
}

func target(edge traffic.Edge) Node {
	if edge.To.Known() {
		return workload(edge.To)
	}
	host := cmp.Or(edge.Service, "unknown")
	if namespace, name := traffic.ServiceOf(host); namespace != "" {
		return Node{ID: "(" + host + ")", Name: name, Namespace: namespace, Kind: Service}
	}
	return Node{ID: "(" + host + ")", Name: host, Kind: Outside}
}

func workload(w traffic.Workload) Node {
	return Node{ID: w.String(), Name: w.Name, Namespace: w.Namespace, Kind: Workload}
}

func (l *Link) add(edge traffic.Edge) {
	if edge.Service != "" && !slices.Contains(l.Services, edge.Service) {
		l.Services = append(l.Services, edge.Service)
	}
	l.numbers.Add(edge.Numbers)
	if weight := edge.RPS + edge.Sent + edge.Received; edge.SecurityKnown {
		l.secured += edge.Secured * weight
		l.weight += weight
	}
}

func (l *Link) finished() Link {
	slices.Sort(l.Services)
	l.RPS, l.Success, l.Bytes = l.numbers.RPS, success(l.numbers), l.numbers.Sent+l.numbers.Received
	if took, ok := l.numbers.Latency.Quantile(0.95); ok {
		ms := float64(took) / float64(time.Millisecond)
		l.P95 = &ms
	}
	if l.weight > 0 {
		share := l.secured / l.weight
		l.Secured = &share
	}
	return *l
}

func success(n traffic.Numbers) *float64 {
	share, ok := n.Success()
	if !ok {
		return nil
	}
	return &share
}
