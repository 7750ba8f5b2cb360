package series

import "slices"

// Kind is how a workload takes part in the mesh.
type Kind string

// The kinds of workloads.
const (
	Sidecar  Kind = "sidecar"
	Gateway  Kind = "gateway"
	Waypoint Kind = "waypoint"
	Ambient  Kind = "ambient" // a pod whose traffic ztunnel takes
	Ztunnel  Kind = "ztunnel"
	Istiod   Kind = "istiod"
)

// Workload is a Deployment (a DaemonSet for ztunnel) with one pod.
type Workload struct {
	Name, Namespace, App, Version string
	Kind                          Kind
	// Node and IP tell where its pod runs.
	Node, IP string
}

// Known says whether the mesh knows who it is. The zero Workload is what labels call "unknown".
func (w Workload) Known() bool { return w.Name != "" }

// Principal is its identity.
func (w Workload) Principal() string {
	return "spiffe://cluster.local/ns/" + w.Namespace + "/sa/" + w.ServiceAccount()
}

// ServiceAccount is named like the app.
func (w Workload) ServiceAccount() string { return w.App }

// Pod is the name of its pod.
func (w Workload) Pod() string { return w.Name + "-6f7c8d9b5-x2x4z" }

// Response is one kind of answer and how often it is given.
type Response struct {
	Code  int    // of HTTP
	GRPC  string // status of gRPC; empty for HTTP
	Flags string // of Envoy; empty for none
	Rate  float64
	// Alone is set where only the caller's proxy knows of it: it never reached the server.
	Alone bool
}

// Failed says whether the server is to blame.
func (r Response) Failed() bool {
	return r.Code >= 500 || slices.Contains([]string{"2", "4", "12", "13", "14", "15"}, r.GRPC)
}

// Edge is the traffic from one workload to another through one service.
type Edge struct {
	From, To Workload
	// Service is its host name, as in destination_service.
	Service string
	// Protocol is http, grpc or tcp.
	Protocol string
	// Reporters are those who count it: source, destination, waypoint. Each counts all of it.
	Reporters []string
	// Ztunnel is set where ztunnels count it, which know the identity of both sides.
	Ztunnel bool
	// Hop is set where what goes to a waypoint, or from it, is counted by it as requests.
	Hop bool
	// Plaintext is set where there is no mutual TLS.
	Plaintext bool

	// Responses, Latency in milliseconds and sizes in bytes are those of http and grpc.
	Responses         []Response
	Latency           Histogram
	Request, Response Histogram

	// Sent, Received and Opened are bytes and connections a second of tcp. As many are closed as opened.
	// Istio counts as received what the client sent.
	Sent, Received, Opened float64
}

// MeshTable is who there is and who calls whom.
type MeshTable struct {
	Workloads []Workload
	Edges     []Edge
}

// NewMesh is the mesh: bookinfo with sidecars behind an ingress gateway, a shop that speaks gRPC,
// an ambient namespace with a waypoint, and callers and services that nobody knows.
func NewMesh() MeshTable {
	w := workloads()
	return MeshTable{Workloads: w, Edges: slices.Concat(bookinfo(w), shop(w), ambient(w))}
}

func workloads() []Workload {
	return []Workload{
		{"istiod", "istio-system", "istiod", "latest", Istiod, "lab-1", "10.244.1.2"},
		{"istio-ingressgateway", "istio-system", "istio-ingressgateway", "latest", Gateway, "lab-1", "10.244.1.3"},
		{"ztunnel", "istio-system", "ztunnel", "latest", Ztunnel, "lab-2", "10.244.2.2"},
		{"productpage-v1", "bookinfo", "productpage", "v1", Sidecar, "lab-1", "10.244.1.10"},
		{"details-v1", "bookinfo", "details", "v1", Sidecar, "lab-2", "10.244.2.10"},
		{"reviews-v1", "bookinfo", "reviews", "v1", Sidecar, "lab-3", "10.244.3.10"},
		{"reviews-v2", "bookinfo", "reviews", "v2", Sidecar, "lab-1", "10.244.1.11"},
		{"reviews-v3", "bookinfo", "reviews", "v3", Sidecar, "lab-2", "10.244.2.11"},
		{"ratings-v1", "bookinfo", "ratings", "v1", Sidecar, "lab-3", "10.244.3.11"},
		{"mongodb-v1", "bookinfo", "mongodb", "v1", Sidecar, "lab-1", "10.244.1.12"},
		{"frontend", "shop", "frontend", "v1", Sidecar, "lab-2", "10.244.2.12"},
		{"checkout", "shop", "checkout", "v1", Sidecar, "lab-3", "10.244.3.12"},
		{"payment", "shop", "payment", "v1", Sidecar, "lab-1", "10.244.1.13"},
		{"curl", "ambient", "curl", "v1", Ambient, "lab-2", "10.244.2.13"},
		{"httpbin", "ambient", "httpbin", "v1", Ambient, "lab-2", "10.244.2.14"},
		{"tcp-echo", "ambient", "tcp-echo", "v1", Ambient, "lab-2", "10.244.2.15"},
		{"waypoint", "ambient", "waypoint", "latest", Waypoint, "lab-3", "10.244.3.13"},
	}
}

func named(all []Workload, name string) Workload {
	return all[slices.IndexFunc(all, func(w Workload) bool { return w.Name == name })]
}

// Spreads of latencies in milliseconds, and of sizes in bytes.
func fast() Histogram { return Histogram{1: 0.2, 5: 0.7, 10: 0.95, 25: 0.998, 50: 1} }

func fair() Histogram {
	return Histogram{5: 0.1, 10: 0.4, 25: 0.75, 50: 0.93, 100: 0.985, 250: 1}
}

func slow() Histogram {
	return Histogram{10: 0.05, 50: 0.5, 100: 0.8, 250: 0.94, 500: 0.98, 1000: 0.995, 2500: 1}
}
func small() Histogram { return Histogram{250: 0.1, 500: 0.6, 1000: 0.97, 2500: 1} }
func large() Histogram { return Histogram{500: 0.1, 1000: 0.3, 2500: 0.6, 5000: 0.9, 10000: 1} }
