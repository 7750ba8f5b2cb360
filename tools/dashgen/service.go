package main

import "strings"

func service() dashboard {
	const (
		chosen = `destination_service="$service"`
		source = `source_cluster=~"$srccluster", source_workload_namespace=~"$srcns", source_workload=~"$srcwl"`
		dest   = `destination_cluster=~"$dstcluster", destination_workload_namespace=~"$dstns", destination_workload=~"$dstwl"`
	)
	all := func(reporter string) []string { return []string{chosen, reporter, source, dest} }
	return newDashboard("istio-service", serviceUID, "Istio Service Dashboard",
		"One service: how it looks to those who call it, who they are, and which workloads answer.", serviceVariables(),
		under("Service: $service",
			stat("Client request volume", "HTTP and gRPC requests per second to the service, as the calling side or a waypoint saw them.", "reqps", plain("blue"), sumRate("", requests, all(counted)...)),
			stat("Client success rate", successMeaning+" As the calling side or a waypoint saw them.", "percentunit", successColours(), success("", all(counted)...)),
			stat("Client request duration, p99", "Time in which 99 of 100 requests are answered, as the calling side or a waypoint saw them.", "ms", plain("purple"), quantile("0.99", "", duration, all(counted)...)),
			stat("TCP received", "Bytes per second that clients sent to the service over plain TCP.", "Bps", plain("blue"), sumRate("", tcpReceived, all(reported)...)),
			stat("Server request volume", "HTTP and gRPC requests per second that arrived at the service.", "reqps", plain("blue"), sumRate("", requests, all(arrived)...)),
			stat("Server success rate", successMeaning+" As the service's own proxies or a waypoint saw them.", "percentunit", successColours(), success("", all(arrived)...)),
			stat("Server request duration, p99", "Time in which 99 of 100 requests are answered, as the service's own proxies or a waypoint saw them.", "ms", plain("purple"), quantile("0.99", "", duration, all(arrived)...)),
			stat("TCP sent", "Bytes per second that the service sent back over plain TCP.", "Bps", plain("purple"), sumRate("", tcpSent, all(reported)...)),
			graph("Requests by response", classesMeaning, "reqps", classes(all(reported)...)...).sized(8, 8),
			graph("Request duration", "Time to answer a request.", "ms", quantiles(duration, all(reported)...)...).sized(8, 8),
			graph("Requests by security", "Requests per second by how they came in. Only the receiving side and waypoints know.", "reqps", security(all(arrived)...)...).sized(8, 8),
		),
		under("Client workloads", breakdown("client", "source_workload, source_workload_namespace", "{{source_workload}}.{{source_workload_namespace}}", all(reported))...),
		under("Service workloads", breakdown("workload", "destination_workload, destination_workload_namespace", "{{destination_workload}}.{{destination_workload_namespace}}", all(reported))...),
	)
}

// reported leaves to the user whose count to believe.
const reported = `reporter=~"$qrep"`

// breakdown is the traffic by one side of it.
func breakdown(side, by, name string, matchers []string) []box {
	one := func(title, meaning, unit string, expr string) box {
		return graph(title, meaning, unit, query{name, expr}).sized(8, 8)
	}
	coded := sumRate(by+", response_code", requests, matchers...)
	return []box{
		graph("Requests by "+side, "HTTP and gRPC requests per second by "+side+" and code of the response.", "reqps", query{name + " {{response_code}}", coded}).sized(8, 8),
		one("Success rate by "+side, successMeaning, "percentunit", success(by, matchers...)),
		one("Duration by "+side+", p95", "Time in which 95 of 100 requests are answered.", "ms", quantile("0.95", by, duration, matchers...)),
		one("Request size by "+side+", p95", "95 of 100 requests are no larger.", "bytes", quantile("0.95", by, requestSize, matchers...)),
		one("Response size by "+side+", p95", "95 of 100 responses are no larger.", "bytes", quantile("0.95", by, responseSize, matchers...)),
		one("TCP connections by "+side, "Connections opened per second over plain TCP.", "cps", sumRate(by, tcpOpened, matchers...)),
		one("TCP received by "+side, "Bytes per second from clients over plain TCP.", "Bps", sumRate(by, tcpReceived, matchers...)).sized(12, 8),
		one("TCP sent by "+side, "Bytes per second to clients over plain TCP.", "Bps", sumRate(by, tcpSent, matchers...)).sized(12, 8),
	}
}

// serviceVariables choose a service and narrow down who calls it and who answers.
func serviceVariables() []variable {
	values := func(label string, matchers ...string) string {
		selector := append([]string{`__name__=~"istio_requests_total|istio_tcp_sent_bytes_total"`, `destination_service="$service"`}, matchers...)
		return "label_values({" + strings.Join(selector, ", ") + "}, " + label + ")"
	}
	return []variable{
		choice("service", "Service", "Host name of the service.", "label_values("+anyTraffic+", destination_service)"),
		reporterVariable(),
		filter("srccluster", "Client cluster", values("source_cluster")),
		filter("srcns", "Client namespace", values("source_workload_namespace", `source_cluster=~"$srccluster"`)),
		filter("srcwl", "Client workload", values("source_workload", `source_cluster=~"$srccluster"`, `source_workload_namespace=~"$srcns"`)),
		filter("dstcluster", "Service cluster", values("destination_cluster")),
		filter("dstns", "Service namespace", values("destination_workload_namespace", `destination_cluster=~"$dstcluster"`)),
		filter("dstwl", "Service workload", values("destination_workload", `destination_cluster=~"$dstcluster"`, `destination_workload_namespace=~"$dstns"`)),
	}
}
