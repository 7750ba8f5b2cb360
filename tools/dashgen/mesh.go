package main

// counted is who counts each request of the mesh once: its caller, or a waypoint on the way.
const counted = `reporter=~"source|waypoint"`

func mesh() dashboard {
	return newDashboard("istio-mesh", meshUID, "Istio Mesh Dashboard",
		"The whole mesh at a glance: traffic, failures, latency, workloads and versions.", nil,
		under("Mesh",
			stat("Traffic volume", "HTTP and gRPC requests per second through the whole mesh, as the calling side or a waypoint saw them.",
				"reqps", plain("blue"), sumRate("", requests, counted)).sized(4, 4),
			stat("Success rate", successMeaning, "percentunit", successColours(), success("", counted)).sized(4, 4),
			stat("4xx rate", "Responses per second with an HTTP 4xx code: requests the servers refused.", "reqps", plain("yellow"), withCode("4..", counted)).sized(4, 4),
			stat("5xx rate", "Responses per second with an HTTP 5xx code: requests on which servers or proxies failed.", "reqps", rising(0.01, 1), withCode("5..", counted)).sized(4, 4),
			stat("Duration, p99", "Time in which 99 of 100 requests of the mesh are answered.", "ms", plain("purple"), quantile("0.99", "", duration, counted)).sized(4, 4),
			stat("Mutual TLS", "Share of the requests counted where they arrive, or at a waypoint, that came over mutual TLS.", "percentunit", falling(0.5, 0.999),
				"("+orZero(sumRate("", requests, arrived, `connection_security_policy="mutual_tls"`), sumRate("", requests, arrived))+") / ("+sumRate("", requests, arrived)+" > 0)").sized(4, 4),
			graph("Requests by response", classesMeaning, "reqps", classes(counted)...).sized(8, 8),
			graph("Request duration", "Time to answer an HTTP or gRPC request, over all requests of the mesh.", "ms", quantiles(duration, counted)...).sized(8, 8),
			graph("TCP throughput", "Bytes per second over plain TCP, as the calling side saw them. Received is what clients sent, sent is what they were answered.", "Bps",
				query{"Received", sumRate("", tcpReceived, counted)}, query{"Sent", sumRate("", tcpSent, counted)}).sized(8, 8),
		),
		under("Workloads", httpTable(), tcpTable()),
		under("Versions",
			graph("Istio component versions", "Running processes of each component by version. Two versions of one component mean an upgrade on its way, or one left half done.",
				"short", query{"{{component}} {{tag}}", sum("component, tag", "istio_build")}).steps(),
			graph("Requests by security", "Requests per second by how they came in. Plain text is what peer authentication in mode STRICT would refuse.", "reqps", security(arrived)...),
		),
	)
}

// arrived is who counts where requests arrive, and knows how: that of the one called, or a waypoint.
const arrived = `reporter=~"destination|waypoint"`

func security(matchers ...string) []query {
	by := func(policy string) string {
		return sumRate("", requests, append(append([]string{}, matchers...), `connection_security_policy="`+policy+`"`)...)
	}
	return []query{{"Mutual TLS", by("mutual_tls")}, {"Plain text", by("none")}}
}

const destination = "destination_service, destination_workload, destination_workload_namespace"

// keyColumns are the service and the workload of a row, each with a way to its dashboard.
func keyColumns() []column {
	return []column{
		{title: "Service", label: "destination_service", url: toService()},
		{title: "Workload", label: "destination_workload", url: toWorkload("Namespace")},
		{title: "Namespace", label: "destination_workload_namespace"},
	}
}

func httpTable() box {
	rate := successColours()
	return table("HTTP/gRPC workloads", "Every workload that was sent HTTP or gRPC requests, with the host it was asked for. Click a service or a workload for its dashboard.", "Requests",
		append(keyColumns(),
			column{title: "Requests", name: "requests", unit: "reqps", width: 140, expr: sumRate(destination, requests, counted)},
			column{title: "p50", name: "p50", unit: "ms", width: 110, expr: quantile("0.50", destination, duration, counted)},
			column{title: "p90", name: "p90", unit: "ms", width: 110, expr: quantile("0.90", destination, duration, counted)},
			column{title: "p99", name: "p99", unit: "ms", width: 110, expr: quantile("0.99", destination, duration, counted)},
			column{title: "Success rate", name: "success", unit: "percentunit", width: 130, colours: &rate, expr: success(destination, counted)},
		)...)
}

func tcpTable() box {
	return table("TCP workloads", "Every workload that was sent plain TCP, with the host it was asked for. Received and sent are the workload's.", "Received",
		append(keyColumns(),
			column{title: "Received", name: "received", unit: "Bps", width: 140, expr: sumRate(destination, tcpReceived, counted)},
			column{title: "Sent", name: "sent", unit: "Bps", width: 140, expr: sumRate(destination, tcpSent, counted)},
			column{title: "Connections", name: "opened", unit: "cps", width: 140, expr: sumRate(destination, tcpOpened, counted)},
		)...).sized(24, 8)
}
