package traffic

import (
	"cmp"
	"slices"
	"strconv"
)

// edgeKey tells edges apart.
type edgeKey struct {
	from, to          Workload
	service, protocol string
}

// report is what one side says of an edge.
type report struct {
	Numbers
	// plain and secured are how much of the traffic is without and under mutual TLS.
	plain, secured           float64
	fromIdentity, toIdentity string
}

// reports are those of all edges, by who says it.
type reports map[edgeKey]map[string]*report

// of is the report that a sample belongs to. An empty bucket makes none, since
// idle edges have nothing but those.
func (r reports) of(sample Sample) *report {
	labels := sample.Labels
	key := edgeKey{
		from:    workload(labels[sourceNamespace], labels[sourceLabel]),
		to:      workload(labels[destinationSpace], labels[destinationLabel]),
		service: known(labels[serviceLabel]), protocol: cmp.Or(labels[protocolLabel], TCP),
	}
	reporter := labels[reporterLabel]
	if sample.Value == 0 {
		return r[key][reporter]
	}
	if r[key] == nil {
		r[key] = map[string]*report{}
	}
	if r[key][reporter] == nil {
		r[key][reporter] = &report{}
	}
	return r[key][reporter]
}

func workload(namespace, name string) Workload {
	if known(name) == "" {
		return Workload{}
	}
	return Workload{Namespace: known(namespace), Name: name}
}

func known(value string) string {
	if value == unknown {
		return ""
	}
	return value
}

func (r *report) request(s Sample) {
	r.secure(s)
	r.RPS += s.Value
	if failed(s.Labels[codeLabel], s.Labels[grpcLabel]) {
		r.Failed += s.Value
	}
}

// failed says whether the server is to blame. gRPC answers 200 whatever comes of
// the call, so its status counts: Unknown, DeadlineExceeded, Unimplemented,
// Internal, Unavailable and DataLoss.
func failed(code, status string) bool {
	if n, err := strconv.Atoi(code); err == nil && n >= 500 {
		return true
	}
	return slices.Contains([]string{"2", "4", "12", "13", "14", "15"}, status)
}

func (r *report) latency(s Sample) {
	bound, err := strconv.ParseFloat(s.Labels[boundLabel], 64)
	if err != nil {
		return
	}
	if r.Latency == nil {
		r.Latency = Histogram{}
	}
	r.Latency[bound] += s.Value
}

func (r *report) secure(s Sample) {
	switch s.Labels[securityLabel] {
	case "mutual_tls":
		r.secured += s.Value
	case "none":
		r.plain += s.Value
	}
	r.fromIdentity = cmp.Or(known(s.Labels[sourcePrincipal]), r.fromIdentity)
	r.toIdentity = cmp.Or(known(s.Labels[destinationIdentity]), r.toIdentity)
}

const waypointReporter = "waypoint"

// reporters is whose numbers count where several sides report an edge: the
// waypoint sees every request; the client sees also what never reached the server.
func reporters() []string { return []string{waypointReporter, "source", "destination"} }

// edges makes one of the reports of each edge.
func (r reports) edges() []Edge {
	edges := make([]Edge, 0, len(r))
	for key, sides := range r {
		edge := Edge{From: key.from, To: key.to, Service: key.service, Protocol: key.protocol}
		for _, reporter := range slices.Backward(reporters()) {
			if side := sides[reporter]; side != nil {
				edge.Numbers = side.Numbers
			}
		}
		// Only some sides know about security: a client's sidecar does not.
		var plain, secured float64
		for _, side := range sides {
			plain, secured = plain+side.plain, secured+side.secured
			edge.FromIdentity = cmp.Or(edge.FromIdentity, side.fromIdentity)
			edge.ToIdentity = cmp.Or(edge.ToIdentity, side.toIdentity)
		}
		if plain+secured > 0 {
			edge.SecurityKnown, edge.Secured = true, secured/(plain+secured)
		}
		edges = append(edges, edge)
	}
	slices.SortFunc(edges, Edge.compare)
	r.findHops(edges)
	return edges
}

// findHops marks the bytes that ztunnels carry to waypoints and from them. No
// label says who is a waypoint: it is who gets bytes for a service whose requests
// a waypoint counts, passes bytes for it on to where these requests end, and is
// itself none of those.
func (r reports) findHops(edges []Edge) {
	targets, getting, passing := byService{}, byService{}, byService{}
	for key, sides := range r {
		if sides[waypointReporter] != nil {
			targets.add(key.service, key.to)
		}
	}
	for _, edge := range edges {
		if edge.Protocol == TCP && targets[edge.Service][edge.To] {
			passing.add(edge.Service, edge.From)
		} else if edge.Protocol == TCP {
			getting.add(edge.Service, edge.To)
		}
	}
	isWaypoint := func(service string, w Workload) bool {
		return w.Known() && getting[service][w] && passing[service][w] && !targets[service][w]
	}
	for i, edge := range edges {
		switch {
		case edge.Protocol != TCP:
		case isWaypoint(edge.Service, edge.To):
			edges[i].Hop = ToWaypoint
		case isWaypoint(edge.Service, edge.From):
			edges[i].Hop = FromWaypoint
		}
	}
}

// byService is a set of workloads for each service.
type byService map[string]map[Workload]bool

func (b byService) add(service string, w Workload) {
	if b[service] == nil {
		b[service] = map[Workload]bool{}
	}
	b[service][w] = true
}
