package main

func workload() dashboard {
	const (
		in  = `destination_workload_namespace="$namespace", destination_workload="$workload"`
		out = `source_workload_namespace="$namespace", source_workload="$workload"`
		// Traffic that leaves a workload is counted there, unless it has no proxy and a waypoint is first to see it.
		outBy = counted
	)
	incoming := []string{in, reported, `source_workload_namespace=~"$srcns", source_workload=~"$srcwl"`}
	outgoing := []string{out, outBy, `destination_service=~"$dstsvc"`}
	return newDashboard("istio-workload", workloadUID, "Istio Workload Dashboard",
		"One workload: what it is asked and how it answers, and what it asks of others.", workloadVariables(),
		under("Workload: $workload.$namespace",
			stat("Incoming requests", "HTTP and gRPC requests per second to the workload.", "reqps", plain("blue"), sumRate("", requests, incoming...)).sized(4, 4),
			stat("Incoming success rate", successMeaning, "percentunit", successColours(), success("", incoming...)).sized(4, 4),
			stat("Incoming duration, p99", "Time in which the workload answers 99 of 100 requests.", "ms", plain("purple"), quantile("0.99", "", duration, incoming...)).sized(4, 4),
			stat("Outgoing requests", "HTTP and gRPC requests per second from the workload to others.", "reqps", plain("blue"), sumRate("", requests, outgoing...)).sized(4, 4),
			stat("Outgoing success rate", successMeaning+" Of those the workload asks.", "percentunit", successColours(), success("", outgoing...)).sized(4, 4),
			stat("Outgoing duration, p99", "Time in which the workload gets 99 of 100 answers.", "ms", plain("purple"), quantile("0.99", "", duration, outgoing...)).sized(4, 4),
			graph("Incoming requests by response", classesMeaning, "reqps", classes(incoming...)...).sized(8, 8),
			graph("Incoming request duration", "Time in which the workload answers.", "ms", quantiles(duration, incoming...)...).sized(8, 8),
			graph("TCP throughput", "Bytes per second over plain TCP from and to the workload's clients.", "Bps",
				query{"Received", sumRate("", tcpReceived, incoming...)}, query{"Sent", sumRate("", tcpSent, incoming...)}).sized(8, 8),
		),
		under("Inbound", breakdown("client", "source_workload, source_workload_namespace", "{{source_workload}}.{{source_workload_namespace}}", incoming)...),
		under("Outbound", breakdown("service", "destination_service", "{{destination_service}}", outgoing)...),
		folded("Identity",
			table("Peers and how they connect", "Who calls the workload, with the identity it shows, and how the connection is secured.", "Requests",
				column{title: "Client", label: "source_workload", url: toWorkload("Namespace")},
				column{title: "Namespace", label: "source_workload_namespace"},
				column{title: "Client identity", label: "source_principal"},
				column{title: "Own identity", label: "destination_principal"},
				column{title: "Security", label: "connection_security_policy", width: 130},
				column{title: "Requests", name: "requests", unit: "reqps", width: 140, expr: sumRate(peers, requests, in, arrived)},
				column{title: "TCP connections", name: "connections", unit: "cps", width: 140, expr: sumRate(peers, tcpOpened, in, arrived)},
			),
		),
	)
}

const peers = "source_workload, source_workload_namespace, source_principal, destination_principal, connection_security_policy"

func workloadVariables() []variable {
	const incoming = `{__name__=~"istio_requests_total|istio_tcp_sent_bytes_total", destination_workload_namespace="$namespace", destination_workload="$workload"`
	const outgoing = `{__name__=~"istio_requests_total|istio_tcp_sent_bytes_total", source_workload_namespace="$namespace", source_workload="$workload"}`
	return []variable{
		eitherSideChoice("namespace", "Namespace", "Namespace of the workload.", "workload_namespace", ""),
		eitherSideChoice("workload", "Workload", "Name of the workload, usually that of its Deployment.", "workload", `workload_namespace="$namespace"`),
		reporterVariable(),
		filter("srcns", "Client namespace", "label_values("+incoming+"}, source_workload_namespace)"),
		filter("srcwl", "Client workload", "label_values("+incoming+`, source_workload_namespace=~"$srcns"}, source_workload)`),
		filter("dstsvc", "Destination service", "label_values("+outgoing+", destination_service)"),
	}
}
