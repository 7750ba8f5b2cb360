package series

import (
	"math"
	"slices"
	"time"
)

// controlPlane is what istiod shows.
func controlPlane(begin time.Time) []Series {
	l := scraped(named(workloads(), "istiod")).with("istio", "pilot", "istio_io_rev", "default")
	return slices.Concat(
		process(l, "", begin),
		[]Series{l.with("component", "pilot", "tag", "1.30.3").gauge("istio_build", 1)},
		pushes(l), mistakes(l), events(l), validation(l), authority(l, begin),
	)
}

// pushes is what is sent to proxies, how large it is and how long it takes.
func pushes(l labels) []Series {
	all := []Series{
		l.with("version", "1.30.3").gauge("pilot_xds", 13),
		l.with("version", "1.30.3-dev.ztunnel").gauge("pilot_xds", 1),
		l.with("version", "1.30.3").gauge("pilot_info", 1),
		l.gauge("pilot_services", 18),
		l.gauge("pilot_virt_services", 7),
		l.gauge("istiod_managed_clusters", 1),
		l.gauge("istiod_uptime_seconds", age.Seconds()),
		l.counter("pilot_inbound_updates", 0.2),
	}
	for i, kind := range []string{"cds", "eds", "lds", "rds", "sds", "nds"} {
		typed := l.with("type", kind)
		all = append(all, typed.counter("pilot_xds_pushes", 0.1*float64(i+1)))
		all = append(all, typed.buckets("pilot_xds_push_time", seconds(), spread(0.01, 0.1, 0.5), 0.1)...)
		all = append(all, typed.buckets("pilot_xds_send_time", seconds(), spread(0.01, 0.01, 0.1), 0.1)...)
		all = append(all, typed.buckets("pilot_xds_config_size_bytes", sizes(), Histogram{1: 0.1, 10000: 0.6, 1e6: 0.99, 4e6: 1}, 0.1)...)
	}
	for i, kind := range []string{"config", "endpoint", "proxyrequest", "service", "headless", "global"} {
		all = append(all, l.with("type", kind).counter("pilot_push_triggers", 0.05*float64(i+1)))
	}
	for _, name := range []string{"pilot_proxy_convergence_time", "pilot_proxy_queue_time", "pilot_debounce_time"} {
		all = append(all, l.buckets(name, seconds(), spread(0.1, 0.5, 1), 0.5)...)
	}
	queue := l.with("queue", "Service")
	all = append(all, queue.gauge("pilot_worker_queue_depth", 1))
	all = append(all, queue.buckets("pilot_worker_queue_duration", seconds(), spread(0.01, 0.01, 0.1), 0.3)...)
	return append(all, queue.buckets("pilot_worker_queue_latency", seconds(), spread(0.01, 0.01, 0.1), 0.3)...)
}

func seconds() []float64 {
	return []float64{0.01, 0.1, 0.5, 1, 3, 5, 10, 20, 30, math.Inf(1)}
}

func sizes() []float64 { return []float64{1, 10000, 1e6, 4e6, 1e7, 4e7, math.Inf(1)} }

// spread has half of all observations up to the first bound, nine tenths up to
// the second and all up to the third.
func spread(half, most, all float64) Histogram {
	return Histogram{half: 0.5, most: 0.9, all: 1}
}

// mistakes is what went wrong between istiod and its proxies. There is a little of everything but conflicts.
func mistakes(l labels) []Series {
	all := []Series{
		l.with("type", "cds").counter("pilot_total_xds_rejects", 0.004),
		l.with("type", "lds").counter("pilot_total_xds_rejects", 0.002),
		l.counter("pilot_total_xds_internal_errors", 0.001),
		l.with("type", "cds").counter("pilot_xds_push_context_errors", 0.0005),
		l.counter("pilot_xds_write_timeout", 0.0005),
		l.with("type", "cds").counter("pilot_xds_expired_nonce", 0.002),
		l.gauge("pilot_conflict_inbound_listener", 0),
		l.gauge("pilot_conflict_outbound_listener_tcp_over_current_tcp", 1),
		l.gauge("pilot_no_ip", 0),
		l.gauge("pilot_eds_no_instances", 2),
		l.gauge("pilot_endpoint_not_ready", 0),
		l.gauge("pilot_vservice_dup_domain", 0),
		l.gauge("pilot_destrule_subsets", 0),
		l.gauge("pilot_duplicate_envoy_clusters", 0),
	}
	for _, kind := range []string{"cds", "eds", "lds", "rds"} {
		all = append(all, l.with("node", "reviews-v3.bookinfo", "err", "refused").gauge("pilot_xds_"+kind+"_reject", 0))
	}
	return all
}

// events is what istiod hears from the API server.
func events(l labels) []Series {
	var all []Series
	for i, kind := range []string{"Services", "Pods", "Endpoints", "Nodes"} {
		for j, event := range []string{"add", "update", "delete"} {
			all = append(all, l.with("type", kind, "event", event).counter("pilot_k8s_reg_events", 0.01*float64(i+j+1)))
		}
	}
	for i, kind := range []string{"VirtualService", "DestinationRule", "Gateway"} {
		all = append(all, l.with("type", kind, "event", "update").counter("pilot_k8s_cfg_events", 0.01*float64(i+1)))
	}
	return all
}

// validation is what the webhooks have admitted and changed.
func validation(l labels) []Series {
	rule := l.with("group", "networking.istio.io", "version", "v1", "resource", "virtualservices")
	return []Series{
		rule.counter("galley_validation_passed", 0.05),
		rule.with("reason", "invalid_resource").counter("galley_validation_failed", 0.005),
		l.counter("galley_validation_config_updates", 0.001),
		l.counter("sidecar_injection_requests_total", 0.06),
		l.counter("sidecar_injection_success_total", 0.05),
		l.counter("sidecar_injection_failure_total", 0.002),
		l.counter("sidecar_injection_skip_total", 0.008),
	}
}

// authority is istiod as a certificate authority.
func authority(l labels, begin time.Time) []Series {
	const year, day = 365 * 24 * time.Hour, 24 * time.Hour
	return []Series{
		l.gauge("citadel_server_root_cert_expiry_seconds", (9 * year).Seconds()),
		l.gauge("citadel_server_root_cert_expiry_timestamp", float64(begin.Add(9*year).Unix())),
		l.gauge("citadel_server_cert_chain_expiry_seconds", (300 * day).Seconds()),
		l.gauge("citadel_server_cert_chain_expiry_timestamp", float64(begin.Add(300*day).Unix())),
		l.counter("citadel_server_csr_count", 0.02),
		l.counter("citadel_server_success_cert_issuance_count", 0.0195),
		l.counter("citadel_server_csr_parsing_err_count", 0.0005),
		l.counter("citadel_server_csr_sign_err_count", 0.0005),
		l.counter("citadel_server_authentication_failure_count", 0.001),
	}
}
