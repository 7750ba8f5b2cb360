package main

func controlPlane() dashboard {
	return newDashboard("istio-control-plane", controlPlaneUID, "Istio Control Plane Dashboard",
		"istiod: is it well, what does it send to proxies and how fast, what do they refuse, and how long do its certificates last.", nil,
		under("At a glance",
			stat("istiod", "Processes of istiod that Prometheus reaches.", "short", some(), `sum(up{app="istiod"})`).withoutValue("None").sized(4, 4),
			stat("Connected proxies", "Proxies and ztunnels that are connected to istiod.", "short", plain("blue"), sum("", "pilot_xds")).withoutValue("None").sized(4, 4),
			stat("Push time, p99", "Time in which 99 of 100 proxies have their new configuration after a change.", "s", rising(5, 15), quantile("0.99", "", "pilot_proxy_convergence_time_bucket")).withoutValue("No change").sized(4, 4),
			stat("Refused by proxies", "Configuration per second that proxies refused.", "ops", rising(0.001, 0.1), orZero(sumRate("", "pilot_total_xds_rejects"), sum("", "pilot_xds"))).withoutValue("None").sized(4, 4),
			stat("Failed injections", "Pods per second that were to get a sidecar and could not.", "ops", rising(0.001, 0.1), orZero(sumRate("", "sidecar_injection_failure_total"), sum("", "pilot_xds"))).withoutValue("None").sized(4, 4),
			stat("Root certificate", "Time until the root certificate of the mesh ends.", "s", falling(7*day, 30*day), `min(citadel_server_root_cert_expiry_seconds)`).withoutValue("Not istiod's").sized(4, 4),
		),
		under("Versions and resources", append([]box{
			graph("istiod versions", "Processes of istiod by version.", "short", query{"{{tag}}", sum("tag", `istio_build{component="pilot"}`)}).steps().sized(8, 8),
			graph("Proxies by version", "Connected proxies by the version of theirs. What is behind was not restarted since an upgrade.", "short", query{"{{version}}", sum("version", "pilot_xds")}).steps().sized(8, 8),
			graph("istiod disk", "Bytes that istiod's container has written: logs, mostly."+kubeletNote, "bytes",
				query{"Disk", `sum(container_fs_usage_bytes{container="discovery", pod=~"istiod-.*"})`}).sized(8, 8),
		}, processBoxes()...)...),
		under("Pushes", pushBoxes()...),
		under("Configuration and services",
			graph("What istiod knows", "Services, VirtualServices and clusters that istiod works with.", "short",
				query{"Services", sum("", "pilot_services")}, query{"VirtualServices", sum("", "pilot_virt_services")}, query{"Clusters", "max(istiod_managed_clusters)"}).steps().sized(8, 8),
			graph("Events from Kubernetes", "Changes per second of Services, pods, endpoints and nodes.", "ops", query{"{{type}} {{event}}", sumRate("type, event", "pilot_k8s_reg_events")}).sized(8, 8),
			graph("Events of configuration", "Changes per second of Istio's own objects.", "ops", query{"{{type}} {{event}}", sumRate("type, event", "pilot_k8s_cfg_events")}).sized(8, 8),
			graph("Conflicts", "What contradicts itself in the configuration now: see meshctl analyze.", "short",
				query{"Inbound listeners", sum("", "pilot_conflict_inbound_listener")},
				query{"Outbound listeners", sum("", "pilot_conflict_outbound_listener_tcp_over_current_tcp")},
				query{"Duplicate domains", sum("", "pilot_vservice_dup_domain")},
				query{"Duplicate clusters", sum("", "pilot_duplicate_envoy_clusters")},
				query{"Clusters without endpoints", sum("", "pilot_eds_no_instances")},
				query{"Pods without address", sum("", "pilot_no_ip")}).steps().sized(12, 8),
			graph("Work queue", "Time in which 99 of 100 events are taken up, and are dealt with.", "s",
				query{"Waiting", quantile("0.99", "", "pilot_worker_queue_latency_bucket")}, query{"Working", quantile("0.99", "", "pilot_worker_queue_duration_bucket")}).sized(12, 8),
		),
		under("Webhooks",
			graph("Injection", "Pods per second that got a sidecar, did not ask for one, or could not get it.", "ops",
				query{"Passed", sumRate("", "sidecar_injection_success_total")}, query{"Skipped", sumRate("", "sidecar_injection_skip_total")}, query{"Failed", sumRate("", "sidecar_injection_failure_total")}),
			graph("Validation", "Configuration per second that the webhook let pass, and that it refused.", "ops",
				query{"Passed", sumRate("", "galley_validation_passed")}, query{"Refused", sumRate("", "galley_validation_failed")}),
		),
		under("Certificates",
			graph("Time until certificates end", "The root of the mesh, and the certificate that istiod signs with.", "s",
				query{"Root", "min(citadel_server_root_cert_expiry_seconds)"}, query{"Signing", "min(citadel_server_cert_chain_expiry_seconds)"}).limited(falling(7*day, 30*day)).sized(8, 8),
			graph("Certificates issued", "Requests per second to sign a certificate.", "ops",
				query{"Asked for", sumRate("", "citadel_server_csr_count")}, query{"Issued", sumRate("", "citadel_server_success_cert_issuance_count")},
				query{"Failed", sumRate("", "citadel_server_csr_sign_err_count")}, query{"Not authenticated", sumRate("", "citadel_server_authentication_failure_count")}).sized(8, 8),
			graph("Shortest certificate of a proxy", "Proxies renew theirs long before it ends. The ten that end first.", "s",
				query{"{{pod}}.{{namespace}}", `bottomk(10, min by (pod, namespace) (` + proxyCertificates + `))`}).sized(8, 8),
		),
	)
}

const day = 24 * 60 * 60

// proxyCertificates has one name where the agent's metrics are merged into those of Envoy, and another where they are read alone.
const proxyCertificates = `{__name__=~"istio_agent_cert_expiry_seconds|cert_expiry_seconds"}`

// pushBoxes are what istiod sends to proxies.
func pushBoxes() []box {
	return []box{
		graph("Pushes", "Configuration sent per second, by what it is about: clusters (cds), endpoints (eds), listeners (lds), routes (rds).", "ops", query{"{{type}}", sumRate("type", "pilot_xds_pushes")}).stacked().sized(8, 8),
		graph("What caused pushes", "Changes per second that made istiod push.", "ops", query{"{{type}}", sumRate("type", "pilot_push_triggers")}).stacked().sized(8, 8),
		graph("Time from change to proxy", "From the change until the proxy has it, over all proxies.", "s", quantiles("pilot_proxy_convergence_time_bucket")...).limited(rising(5, 15)).sized(8, 8),
		graph("Time to make a push, p99", "Time in which istiod makes 99 of 100 configurations.", "s", query{"{{type}}", quantile("0.99", "type", "pilot_xds_push_time_bucket")}).sized(8, 8),
		graph("Waiting for a push, p99", "Time in which 99 of 100 proxies wait for their turn, and for more changes to come with the first.", "s",
			query{"In the queue", quantile("0.99", "", "pilot_proxy_queue_time_bucket")}, query{"For more changes", quantile("0.99", "", "pilot_debounce_time_bucket")}).sized(8, 8),
		graph("Size of a push, p99", "99 of 100 configurations are no larger.", "bytes", query{"{{type}}", quantile("0.99", "type", "pilot_xds_config_size_bytes_bucket")}).sized(8, 8),
		graph("Errors", "Per second: configuration that proxies refused, that istiod could not make, and that could not be sent in time.", "ops",
			query{"Refused, {{type}}", sumRate("type", "pilot_total_xds_rejects")}, query{"Internal", sumRate("", "pilot_total_xds_internal_errors")},
			query{"Too slow", sumRate("", "pilot_xds_write_timeout")}, query{"Outdated, {{type}}", sumRate("type", "pilot_xds_expired_nonce")}).sized(12, 8),
		graph("Connections of proxies", "Connections to istiod, as istiod and the proxies count them. A difference are proxies that nobody scrapes.", "short",
			query{"istiod", sum("", "pilot_xds")}, query{"Proxies", `sum(envoy_cluster_upstream_cx_active{cluster_name="xds-grpc"})`}).steps().sized(12, 8),
	}
}
