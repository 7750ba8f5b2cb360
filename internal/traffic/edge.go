package traffic

import (
	"cmp"
	"strings"
)

// Workload is one end of an edge. The zero Workload is whoever the mesh does not know.
type Workload struct {
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
}

// Known says whether the mesh knows who it is.
func (w Workload) Known() bool { return w.Name != "" }

// String is "namespace/name", or "unknown".
func (w Workload) String() string {
	if !w.Known() {
		return unknown
	}
	return w.Namespace + "/" + w.Name
}

// The protocols of edges.
const (
	HTTP = "http"
	GRPC = "grpc"
	TCP  = "tcp"
)

// Edge is the traffic of one protocol from one workload to another through one service.
type Edge struct {
	From, To Workload
	// Service is the host that is called.
	Service  string
	Protocol string
	Numbers
	// Secured is the share of the traffic under mutual TLS, from 0 to 1; it is
	// known only where SecurityKnown is set.
	Secured       float64
	SecurityKnown bool
	// Hop says whether it is one half of the way through a waypoint.
	Hop Hop
	// FromIdentity and ToIdentity are the SPIFFE identities of both ends, as far as they have any.
	FromIdentity, ToIdentity string
}

// Hop is a half of the way through a waypoint. The waypoint counts what goes
// through it as requests; ztunnels count the bytes of the same on the way to it
// and from it, and those must not count a second time.
type Hop string

// The halves.
const (
	NoHop        Hop = ""
	ToWaypoint   Hop = "to waypoint"
	FromWaypoint Hop = "from waypoint"
)

// compare orders edges by their ends.
func (e Edge) compare(other Edge) int {
	return cmp.Or(
		strings.Compare(e.From.String(), other.From.String()),
		strings.Compare(e.To.String(), other.To.String()),
		strings.Compare(e.Service, other.Service),
		strings.Compare(e.Protocol, other.Protocol),
	)
}

// Numbers is how often, how well and how fast. Rates are per second.
type Numbers struct {
	// RPS counts requests, Failed those of them whose server is to blame: HTTP
	// codes from 500 on, and the statuses of gRPC that mean the same.
	RPS, Failed float64
	// Latency is how long answers take.
	Latency Histogram
	// Sent, Received are bytes of TCP as its server sees them: Istio counts as
	// received what the client sent. Opened are connections.
	Sent, Received, Opened float64
}

// Success is the share of requests that did not fail. It is false without requests.
func (n Numbers) Success() (share float64, ok bool) {
	if n.RPS == 0 {
		return 0, false
	}
	return 1 - n.Failed/n.RPS, true
}

// Add counts others in.
func (n *Numbers) Add(other Numbers) {
	n.RPS += other.RPS
	n.Failed += other.Failed
	n.Sent += other.Sent
	n.Received += other.Received
	n.Opened += other.Opened
	n.Latency = n.Latency.plus(other.Latency)
}
