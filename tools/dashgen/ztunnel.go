package main

func ztunnel() dashboard {
	const app = `app="ztunnel"`
	const pods = `container="istio-proxy", pod=~"ztunnel-.*"`
	byPod := func(metric string, matchers ...string) query {
		return query{"{{pod}}", sumRate("pod", metric, matchers...)}
	}
	return newDashboard("istio-ztunnel", ztunnelUID, "Istio Ztunnel Dashboard",
		"The node proxies of the ambient mesh: what they use, what they carry, and what they hear from istiod.", nil,
		under("At a glance",
			stat("ztunnels", "Processes of ztunnel that Prometheus reaches.", "short", plain("blue"), sum("", `istio_build{component="ztunnel"}`)).withoutValue("None").sized(4, 4),
			stat("Workloads", "Pods whose traffic ztunnels carry.", "short", plain("blue"), sum("", "workload_manager_active_proxy_count")).withoutValue("None").sized(4, 4),
			stat("Waiting workloads", "Pods that ztunnels know of but do not serve yet.", "short", rising(1, 10), sum("", "workload_manager_pending_proxy_count")).withoutValue("None").sized(4, 4),
			stat("Connections opened", "TCP connections opened per second through ztunnels. "+onceMeaning, "cps", plain("blue"), once(tcpOpened)).sized(4, 4),
			stat("Received", "Bytes per second from clients. "+onceMeaning, "Bps", plain("blue"), once(tcpReceived)).sized(4, 4),
			stat("Sent", "Bytes per second to clients. "+onceMeaning, "Bps", plain("purple"), once(tcpSent)).sized(4, 4),
		),
		under("Process",
			graph("ztunnel versions", "Processes of ztunnel by version.", "short", query{"{{tag}}", sum("tag", `istio_build{component="ztunnel"}`)}).steps(),
			graph("CPU", "CPUs in use by each ztunnel."+kubeletNote, "short", query{"{{pod}}", sumRate("pod", cpu, pods)}),
			graph("Memory", "Working set of each ztunnel."+kubeletNote, "bytes", query{"{{pod}}", sum("pod", memory+braces([]string{pods}))}),
			graph("Open files", "Files and connections that each ztunnel has open.", "short", query{"{{pod}}", sum("pod", "process_open_fds"+braces([]string{app}))}).steps(),
		),
		under("Network",
			graph("Connections", "TCP connections opened and closed per second, over all ztunnels. "+onceMeaning, "cps",
				query{"Opened", once(tcpOpened)}, query{"Closed", once(tcpClosed)}).sized(8, 8),
			graph("Throughput", "Bytes per second, over all ztunnels. Received is what clients sent. "+onceMeaning, "Bps",
				query{"Received", once(tcpReceived)}, query{"Sent", once(tcpSent)}).sized(8, 8),
			graph("Connections by security", "TCP connections opened per second where they arrive. Plain text came from outside the mesh.", "cps",
				query{"Mutual TLS", sumRate("", tcpOpened, app, `reporter="destination"`, `connection_security_policy="mutual_tls"`)},
				query{"Plain text", sumRate("", tcpOpened, app, `reporter="destination"`, `connection_security_policy!="mutual_tls"`)}).sized(8, 8),
			graph("Open sockets", "TCP sockets that each ztunnel has open.", "short", query{"{{pod}}", sum("pod", "istio_tcp_sockets_open")}).steps(),
			graph("DNS requests", "Names per second that pods asked each ztunnel for.", "reqps", byPod("istio_dns_requests_total")),
			table("Who talks to whom", "Connections and bytes per second between workloads, where they arrive.", "Received",
				column{title: "Client", label: "source_workload", url: toWorkload("Client namespace")},
				column{title: "Client namespace", label: "source_workload_namespace"},
				column{title: "Workload", label: "destination_workload", url: toWorkload("Namespace")},
				column{title: "Namespace", label: "destination_workload_namespace"},
				column{title: "Security", label: "connection_security_policy", width: 130},
				column{title: "Connections", name: "opened", unit: "cps", width: 140, expr: sumRate(pairs, tcpOpened, app, `reporter="destination"`)},
				column{title: "Received", name: "received", unit: "Bps", width: 140, expr: sumRate(pairs, tcpReceived, app, `reporter="destination"`)},
				column{title: "Sent", name: "sent", unit: "Bps", width: 140, expr: sumRate(pairs, tcpSent, app, `reporter="destination"`)},
			),
		),
		under("Configuration",
			graph("Connections to istiod that ended", "Per second, by cause. A reconnection now and then is how load is spread.", "ops", query{"{{reason}}", sumRate("reason", "istio_xds_connection_terminations_total")}).sized(8, 8),
			graph("Messages from istiod", "Per second, by what they are about.", "ops", query{"{{url}}", sumRate("url", "istio_xds_message_total")}).sized(8, 8),
			graph("Workloads by ztunnel", "Pods whose traffic each ztunnel carries, and pods that wait for it.", "short",
				query{"{{pod}} active", sum("pod", "workload_manager_active_proxy_count")}, query{"{{pod}} waiting", sum("pod", "workload_manager_pending_proxy_count")}).steps().sized(8, 8),
		),
	)
}

const pairs = "source_workload, source_workload_namespace, destination_workload, destination_workload_namespace, connection_security_policy"

const onceMeaning = "What goes from pod to pod is counted once, where it arrives, and what leaves the mesh where it starts."

// once adds up what ztunnels count, of which that of the caller and that of the one called see most of it both.
func once(metric string) string {
	const app = `app="ztunnel"`
	return sum("", rate(metric, app, `reporter="destination"`)+" or "+rate(metric, app, `reporter="source"`, `destination_workload="unknown"`))
}
