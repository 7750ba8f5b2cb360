package series

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// RandomMesh draws a mesh: what it is like follows from the seed and nothing
// else. It has what makes counting hard: names that occur in several namespaces,
// workloads behind several services, edges that only one side or only waypoints
// count, answers that never came from a server, callers and services that nobody
// knows, mutual TLS beside plain text, and edges without any traffic.
func RandomMesh(seed uint64) MeshTable {
	d := drawing{Rand: rand.New(rand.NewPCG(seed, 2))}
	for _, namespace := range []string{"red", "green", "blue"} {
		for _, name := range []string{"web", "cart", "web-v2", "stock"}[:2+d.IntN(3)] {
			d.mesh.Workloads = append(d.mesh.Workloads, Workload{
				Name: name, Namespace: namespace, App: name, Version: "v1", Kind: Sidecar, Node: "lab-1", IP: "10.244.1.20",
			})
		}
	}
	sidecars := slices.Clone(d.mesh.Workloads)
	for range 12 + d.IntN(10) {
		d.between(pick(d, sidecars), pick(d, sidecars))
	}
	for range 3 {
		d.stranger(pick(d, sidecars))
		d.outside(pick(d, sidecars))
		d.lost(pick(d, sidecars), pick(d, sidecars))
		d.mixed(pick(d, sidecars), pick(d, sidecars))
		d.idle(pick(d, sidecars), pick(d, sidecars))
	}
	d.ambient()
	return d.mesh
}

// drawing is a mesh that is being drawn.
type drawing struct {
	*rand.Rand

	mesh MeshTable
	seen []string
}

func pick[T any](d drawing, from []T) T { return from[d.IntN(len(from))] }

// add leaves out a second edge between the same ends: its series would be those of the first.
func (d *drawing) add(edges ...Edge) {
	e := edges[0]
	key := fmt.Sprint(e.From.Namespace, e.From.Name, " ", e.To.Namespace, e.To.Name, " ", e.Service, e.Protocol)
	if slices.Contains(d.seen, key) {
		return
	}
	d.seen = append(d.seen, key)
	d.mesh.Edges = append(d.mesh.Edges, edges...)
}

// between is ordinary traffic, which the server may know less of than its client, or nothing.
func (d *drawing) between(from, to Workload) {
	seenBy := pick(*d, []string{bothSides, bothSides, bothSides, fromSource, fromDestination})
	service := pick(*d, []string{to.App, to.App, to.App + "-admin"}) + "." + to.Namespace + ".svc.cluster.local"
	if d.IntN(4) == 0 {
		e := Edge{From: from, To: to, Service: service, Protocol: "tcp", Reporters: reporters(seenBy)}
		e.Sent, e.Received, e.Opened = d.rate(9000), d.rate(9000), d.rate(2)
		d.add(e)
		return
	}
	e := d.web(from, to, service, seenBy)
	if slices.Contains(e.Reporters, fromSource) && d.IntN(2) == 0 {
		e.Responses = append(e.Responses, Response{Code: 504, GRPC: e.Responses[0].GRPC, Flags: "UT", Rate: d.rate(3), Alone: true})
	}
	d.add(e)
}

func (d *drawing) stranger(to Workload) {
	e := d.web(Workload{}, to, to.App+"."+to.Namespace+".svc.cluster.local", fromDestination)
	e.Plaintext = true
	d.add(e)
}

func (d *drawing) outside(from Workload) {
	d.add(d.web(from, Workload{}, pick(*d, []string{"pay.example.com", "mail.example.com"}), fromSource))
}

// lost are requests to a service without endpoints: no workload is known for them.
func (d *drawing) lost(from, to Workload) {
	e := d.web(from, Workload{}, to.App+"."+to.Namespace+".svc.cluster.local", fromSource)
	for i := range e.Responses {
		e.Responses[i].Code, e.Responses[i].Flags = 503, "UH"
	}
	e.Responses = e.Responses[:1]
	d.add(e)
}

// mixed is a client some of whose requests come in plain text.
func (d *drawing) mixed(from, to Workload) {
	secured := d.web(from, to, "mixed."+to.Namespace+".svc.cluster.local", fromDestination)
	plain := secured
	plain.Plaintext = true
	plain.Responses = slices.Clone(secured.Responses)
	for i := range plain.Responses {
		plain.Responses[i].Rate = d.rate(20)
	}
	d.add(secured, plain)
}

// idle has counters that do not move.
func (d *drawing) idle(from, to Workload) {
	e := d.web(from, to, "idle."+to.Namespace+".svc.cluster.local", bothSides)
	for i := range e.Responses {
		e.Responses[i].Rate = 0
	}
	d.add(e)
}

// ambient is a service behind a waypoint, and one that ztunnels alone take care of.
func (d *drawing) ambient() {
	w := workloads()
	curl, waypoint, httpbin, echo := named(w, "curl"), named(w, "waypoint"), named(w, "httpbin"), named(w, "tcp-echo")
	d.mesh.Workloads = append(d.mesh.Workloads, curl, waypoint, httpbin, echo)
	const service = "httpbin.ambient.svc.cluster.local"
	d.add(d.web(curl, httpbin, service, fromWaypoint))
	d.add(hop(bytes(curl, waypoint, service, bothSides, d.rate(9000), d.rate(9000), d.rate(3))))
	d.add(hop(bytes(waypoint, httpbin, service, fromDestination, d.rate(9000), d.rate(9000), d.rate(3))))
	d.add(bytes(curl, echo, "tcp-echo.ambient.svc.cluster.local", bothSides, d.rate(9000), d.rate(9000), d.rate(3)))
}

// web is an edge of HTTP or gRPC with some kinds of answers.
func (d *drawing) web(from, to Workload, service, seenBy string) Edge {
	protocol := pick(*d, []string{"http", "http", "grpc"})
	e := web(from, to, service, protocol, seenBy, d.latency())
	kinds := []Response{{Code: 200}, {Code: 201}, {Code: 301}, {Code: 404}, {Code: 500}, {Code: 503, Flags: "UF"}, {Flags: "DC"}}
	if protocol == "grpc" {
		kinds = []Response{{Code: 200, GRPC: "0"}, {Code: 200, GRPC: "2"}, {Code: 200, GRPC: "5"}, {Code: 200, GRPC: "14"}, {Code: 200, GRPC: "16"}}
	}
	for _, i := range d.Perm(len(kinds))[:1+d.IntN(len(kinds))] {
		r := kinds[i]
		r.Rate = d.rate(40)
		e.Responses = append(e.Responses, r)
	}
	return e
}

// rate is more than nothing, and as often small as large.
func (d *drawing) rate(most float64) float64 { return most * math.Pow(d.Float64()*0.99+0.01, 2) }

// latency begins and ends anywhere, beyond the last bound of a bucket too.
func (d *drawing) latency() Histogram {
	all := bounds()
	first := d.IntN(len(all) - 4)
	h, share := Histogram{}, 0.0
	for _, bound := range all[first : first+1+d.IntN(4)] {
		share += (1 - share) * d.Float64()
		h[bound] = share
	}
	h[all[first+4]] = 1
	return h
}
