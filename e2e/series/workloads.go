package series

import "time"

// workload is what the pod of a workload shows, and what the kubelet says of it.
func workload(w Workload, begin time.Time) []Series {
	l := scraped(w)
	all := []Series{l.gauge("up", 1)}
	switch w.Kind {
	case Sidecar:
		all = append(all, containers(w, "istio-proxy", "app")...)
		all = append(all, proxy(l, begin)...)
	case Gateway, Waypoint:
		all = append(all, containers(w, "istio-proxy")...)
		all = append(all, proxy(l, begin)...)
	case Ztunnel:
		all = append(all, containers(w, "istio-proxy")...)
		all = append(all, ztunnel(l)...)
	case Istiod:
		all = append(all, containers(w, "discovery")...)
	case Ambient:
		// Nobody scrapes a pod without a proxy unless it asks.
		return containers(w, "app")
	}
	return all
}

// containers is what cAdvisor says.
func containers(w Workload, names ...string) []Series {
	var all []Series
	for _, name := range names {
		l := labels{
			"job": "kubernetes-nodes-cadvisor", "instance": w.Node, "node": w.Node, "namespace": w.Namespace, "pod": w.Pod(),
			"container": name, "image": "registry.istio.io/release/" + name + ":1.30.3",
		}
		all = append(all,
			l.with("cpu", "total").counter("container_cpu_usage_seconds_total", 0.025),
			l.gauge("container_memory_working_set_bytes", 64<<20),
			l.gauge("container_memory_rss", 48<<20),
			l.with("device", "/dev/vda1").gauge("container_fs_usage_bytes", 1<<20),
		)
	}
	return all
}

// proxy is what Envoy and the agent beside it show of themselves.
func proxy(l labels, begin time.Time) []Series {
	const v8, null = "envoy_wasm_envoy_wasm_runtime_v8_", "envoy_wasm_envoy_wasm_runtime_null_"
	all := []Series{
		l.with("component", "proxy", "tag", "1.30.3").gauge("istio_build", 1),
		l.gauge("envoy_server_live", 1),
		l.with("version", "1.38.1").counter("envoy_server_uptime", 1),
		l.gauge("envoy_server_memory_allocated", 12<<20),
		l.gauge("envoy_server_memory_heap_size", 20<<20),
		l.gauge("envoy_server_total_connections", 12),
		l.gauge("envoy_cluster_manager_active_clusters", 42),
		l.gauge("envoy_listener_manager_total_listeners_active", 21),
		l.with("cluster_name", "xds-grpc").gauge("envoy_cluster_upstream_cx_active", 1),
		l.with("cluster_name", "xds-grpc").counter("envoy_cluster_upstream_cx_total", 0.001),
		l.with("cluster_name", "xds-grpc").counter("envoy_cluster_upstream_cx_connect_fail", 0.0005),
		l.with("cluster_name", "xds-grpc").counter("envoy_cluster_upstream_cx_tx_bytes_total", 120),
		l.with("cluster_name", "xds-grpc").counter("envoy_cluster_upstream_cx_rx_bytes_total", 900),
		l.gauge(v8+"active", 2), l.counter(v8+"created", 0.001),
		l.gauge(null+"active", 1), l.counter(null+"created", 0.0005),
		l.counter("envoy_wasm_remote_load_cache_hits", 0.02),
		l.counter("envoy_wasm_remote_load_cache_misses", 0.005),
		l.counter("envoy_wasm_remote_load_cache_negative_hits", 0.001),
		l.gauge("envoy_wasm_remote_load_cache_entries", 2),
		l.counter("envoy_wasm_remote_load_fetch_successes", 0.004),
		l.counter("envoy_wasm_remote_load_fetch_failures", 0.001),
		l.with("resource_name", "default").gauge("istio_agent_cert_expiry_seconds", 20*time.Hour.Seconds()),
		l.counter("istio_agent_num_outgoing_requests", 0.01),
		l.with("type", "error").counter("istio_agent_num_failed_outgoing_requests", 0.0002),
		l.gauge("istio_agent_istiod_connection_terminations", 2),
		l.gauge("istio_agent_startup_duration_seconds", 1.6),
	}
	return append(all, process(l.with(), "istio_agent_", begin)...)
}

// process is what a program in Go shows of itself.
func process(l labels, prefix string, begin time.Time) []Series {
	return []Series{
		l.counter(prefix+"process_cpu_seconds_total", 0.03),
		l.gauge(prefix+"process_resident_memory_bytes", 96<<20),
		l.gauge(prefix+"process_virtual_memory_bytes", 1400<<20),
		l.gauge(prefix+"process_open_fds", 34),
		l.gauge(prefix+"process_max_fds", 1<<20),
		l.gauge(prefix+"process_start_time_seconds", float64(begin.Add(-age).Unix())),
		l.gauge(prefix+"go_goroutines", 480),
		l.gauge(prefix+"go_threads", 14),
		l.with("version", "go1.26.0").gauge(prefix+"go_info", 1),
		l.gauge(prefix+"go_memstats_alloc_bytes", 52<<20),
		l.counter(prefix+"go_memstats_alloc_bytes_total", 3<<20),
		l.gauge(prefix+"go_memstats_heap_alloc_bytes", 52<<20),
		l.gauge(prefix+"go_memstats_heap_inuse_bytes", 60<<20),
		l.gauge(prefix+"go_memstats_heap_sys_bytes", 80<<20),
		l.gauge(prefix+"go_memstats_stack_inuse_bytes", 4<<20),
		l.gauge(prefix+"go_memstats_sys_bytes", 90<<20),
		l.gauge(prefix+"go_memstats_next_gc_bytes", 100<<20),
		l.with("quantile", "1").gauge(prefix+"go_gc_duration_seconds", 0.0007),
		l.counter(prefix+"go_gc_duration_seconds_sum", 0.0004),
		l.counter(prefix+"go_gc_duration_seconds_count", 0.6),
	}
}

// ztunnel is what ztunnel shows besides the traffic.
func ztunnel(l labels) []Series {
	const types = "type.googleapis.com/istio."
	return []Series{
		l.with("component", "ztunnel", "tag", "1.30.3").gauge("istio_build", 1),
		l.gauge("istio_tcp_sockets_open", 9),
		l.counter("istio_dns_requests_total", 1.5),
		l.counter("istio_dns_upstream_requests_total", 0.5),
		l.counter("istio_dns_upstream_failures_total", 0.01),
		l.counter("istio_on_demand_dns_total", 0.02),
		l.with("reason", "reconnect").counter("istio_xds_connection_terminations_total", 0.0006),
		l.with("reason", "connection_error").counter("istio_xds_connection_terminations_total", 0.0001),
		l.with("url", types+"workload.Address").counter("istio_xds_message_total", 0.2),
		l.with("url", types+"security.Authorization").counter("istio_xds_message_total", 0.02),
		l.with("url", types+"workload.Address").counter("istio_xds_message_bytes_total", 800),
		l.with("url", types+"security.Authorization").counter("istio_xds_message_bytes_total", 60),
		l.gauge("workload_manager_active_proxy_count", 3),
		l.gauge("workload_manager_pending_proxy_count", 0),
		l.gauge("process_open_fds", 51),
		l.gauge("process_resident_memory_bytes", 40<<20),
	}
}
