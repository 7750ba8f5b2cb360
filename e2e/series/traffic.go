package series

import (
	"slices"
	"strconv"
	"strings"
)

// traffic is what the proxies of an edge, or its ztunnels, count.
func traffic(e Edge) []Series {
	var all []Series
	for _, reporter := range e.Reporters {
		base := scraped(e.counter(reporter)).with(e.sides(reporter)...)
		if e.Protocol == "tcp" {
			all = append(all, e.connections(base)...)
			continue
		}
		for _, r := range e.seenBy(reporter) {
			all = append(all, e.requests(base, r)...)
		}
	}
	return all
}

// seenBy are the responses that a side knows of.
func (e Edge) seenBy(reporter string) []Response {
	return slices.DeleteFunc(slices.Clone(e.Responses), func(r Response) bool { return r.Alone && reporter != fromSource })
}

// counter is the pod that has the metrics of a side.
func (e Edge) counter(reporter string) Workload {
	switch {
	case e.Ztunnel:
		return named(workloads(), "ztunnel")
	case reporter == fromWaypoint:
		return named(workloads(), "waypoint")
	case reporter == fromSource:
		return e.From
	}
	return e.To
}

// sides are the labels that all standard metrics have.
func (e Edge) sides(reporter string) []string {
	return slices.Concat(
		[]string{"reporter", reporter, "connection_security_policy", e.security(reporter)},
		e.service(), side("source", e.From), side("destination", e.To))
}

// security is "unknown" where a client's proxy counts: it does not look at what it sends.
func (e Edge) security(reporter string) string {
	switch {
	case reporter == fromSource && !e.Ztunnel:
		return "unknown"
	case e.Plaintext:
		return "none"
	}
	return "mutual_tls"
}

func (e Edge) service() []string {
	name, namespace := splitHost(e.Service)
	if !e.To.Known() && !strings.Contains(e.Service, ".svc.") {
		name, namespace = "PassthroughCluster", "unknown"
	}
	return []string{"destination_service", e.Service, "destination_service_name", name, "destination_service_namespace", namespace}
}

func side(prefix string, w Workload) []string {
	values := []string{"unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"}
	if w.Known() {
		values = []string{w.Name, w.Namespace, w.Principal(), w.App, w.Version, "Kubernetes", w.App, w.Version}
	}
	keys := []string{
		"_workload", "_workload_namespace", "_principal", "_app", "_version", "_cluster", "_canonical_service", "_canonical_revision",
	}
	var pairs []string
	for i, key := range keys {
		pairs = append(pairs, prefix+key, values[i])
	}
	return pairs
}

// requests are the metrics of one kind of answer.
func (e Edge) requests(base labels, r Response) []Series {
	l := base.with("request_protocol", e.Protocol, "response_code", strconv.Itoa(r.Code), "response_flags", orDash(r.Flags), "grpc_response_status", r.GRPC)
	if r.GRPC == "" {
		delete(l, "grpc_response_status")
	}
	all := slices.Concat(
		[]Series{l.counter("istio_requests_total", r.Rate)},
		l.histogram("istio_request_duration_milliseconds", e.Latency, r.Rate),
		l.histogram("istio_request_bytes", e.Request, r.Rate),
		l.histogram("istio_response_bytes", e.Response, r.Rate),
	)
	if e.Protocol == "grpc" {
		all = append(all, l.counter("istio_request_messages_total", r.Rate), l.counter("istio_response_messages_total", r.Rate))
	}
	return all
}

func (e Edge) connections(base labels) []Series {
	l := base.with("request_protocol", "tcp", "response_flags", "-")
	return []Series{
		l.counter("istio_tcp_sent_bytes_total", e.Sent),
		l.counter("istio_tcp_received_bytes_total", e.Received),
		l.counter("istio_tcp_connections_opened_total", e.Opened),
		l.counter("istio_tcp_connections_closed_total", e.Opened),
	}
}

func orDash(flags string) string {
	if flags == "" {
		return "-"
	}
	return flags
}
