package main

// kind is a sort of process of the mesh, told by names of containers and pods.
type kind struct{ name, pods string }

// kinds are all that move traffic, and istiod. Gateways and waypoints are known by how their Deployments are usually called.
func kinds() []kind {
	return []kind{
		{"istiod", `container="discovery", pod=~"istiod-.*"`},
		{"Gateways", `container="istio-proxy", pod=~".*gateway.*"`},
		{"Waypoints", `container="istio-proxy", pod=~".*waypoint.*"`},
		{"Sidecars", `container="istio-proxy", pod!~".*gateway.*|.*waypoint.*|ztunnel-.*"`},
		{"ztunnel", `container="istio-proxy", pod=~"ztunnel-.*"`},
	}
}

// each asks the same of every kind.
func each(expr func(pods string) string) []query {
	var all []query
	for _, k := range kinds() {
		all = append(all, query{k.name, expr(k.pods)})
	}
	return all
}

const (
	cpu         = "container_cpu_usage_seconds_total"
	memory      = "container_memory_working_set_bytes"
	proxies     = `container="istio-proxy"`
	kubeletNote = " From cAdvisor, by the job kubernetes-nodes-cadvisor."
)

func performance() dashboard {
	return newDashboard("istio-performance", performanceUID, "Istio Performance Dashboard",
		"What the mesh costs: CPU and memory of its proxies and of istiod, by the traffic they carry.", nil,
		under("Cost of traffic",
			stat("Proxy CPU per 1000 requests/s", "CPUs that all proxies together use for every thousand requests per second. A request usually passes two of them."+kubeletNote, "short", plain("blue"),
				sumRate("", cpu, proxies)+" / ("+sumRate("", requests, counted)+" > 0) * 1000"),
			stat("Gateway CPU per 1000 requests/s", "CPUs that gateways use for every thousand requests per second that they send on."+kubeletNote, "short", plain("blue"),
				sumRate("", cpu, kinds()[1].pods)+" / ("+sumRate("", requests, `source_workload=~".*gateway.*"`, `reporter="source"`)+" > 0) * 1000"),
			stat("Memory per proxy", "Working set of a sidecar, gateway, waypoint or ztunnel, on average."+kubeletNote, "bytes", plain("blue"), "avg("+memory+braces([]string{proxies})+")").withoutValue("No proxies"),
			stat("Bytes through the mesh", "Bytes per second in the bodies of requests and responses.", "Bps", plain("blue"),
				sumRate("", "istio_request_bytes_sum", counted)+" + "+sumRate("", "istio_response_bytes_sum", counted)),
		),
		under("Usage by kind of process",
			graph("CPU", "CPUs in use. Gateways and waypoints are told by the names of their pods."+kubeletNote, "short", each(func(pods string) string { return sumRate("", cpu, pods) })...),
			graph("Memory", "Working set, which is what the limit counts."+kubeletNote, "bytes", each(func(pods string) string { return "sum(" + memory + braces([]string{pods}) + ")" })...),
			graph("CPU per process", "CPUs of one process, on average."+kubeletNote, "short", each(func(pods string) string { return "avg(" + rate(cpu, pods) + ")" })...),
			graph("Memory per process", "Working set of one process, on average."+kubeletNote, "bytes", each(func(pods string) string { return "avg(" + memory + braces([]string{pods}) + ")" })...),
			graph("Disk", "Bytes in the writable layer and in volumes of the containers. Proxies write little but logs and core dumps."+kubeletNote, "bytes",
				each(func(pods string) string { return "sum(container_fs_usage_bytes" + braces([]string{pods}) + ")" })...),
			graph("Bytes by kind", "Bytes per second, by what they were part of.", "Bps",
				query{"Requests", sumRate("", "istio_request_bytes_sum", counted)}, query{"Responses", sumRate("", "istio_response_bytes_sum", counted)},
				query{"TCP", sumRate("", tcpReceived, counted) + " + " + sumRate("", tcpSent, counted)}),
		),
		under("The largest",
			graph("Proxies that use most CPU", "The ten proxies with the most CPUs in use."+kubeletNote, "short", query{"{{pod}}.{{namespace}}", "topk(10, " + sumRate("pod, namespace", cpu, proxies) + ")"}),
			graph("Proxies that use most memory", "The ten proxies with the largest working set."+kubeletNote, "bytes", query{"{{pod}}.{{namespace}}", "topk(10, sum by (pod, namespace) (" + memory + braces([]string{proxies}) + "))"}),
		),
		under("istiod", processBoxes()...),
		under("Versions",
			graph("Istio component versions", "Running processes of each component by version. Compare costs only within one version.", "short", query{"{{component}} {{tag}}", sum("component, tag", "istio_build")}).steps().sized(24, 7),
		),
	)
}

const istiod = `app="istiod"`

// processBoxes are what istiod, a Go program, says of itself.
func processBoxes() []box {
	gauge := func(name string) string { return "sum(" + name + braces([]string{istiod}) + ")" }
	return []box{
		graph("istiod CPU", "CPUs in use: as istiod counts them, and as the kubelet does.", "short",
			query{"istiod", sumRate("", "process_cpu_seconds_total", istiod)}, query{"Container", sumRate("", cpu, kinds()[0].pods)}).sized(8, 8),
		graph("istiod memory", "Resident is what the system gave; heap and stacks are what Go uses of it.", "bytes",
			query{"Container", "sum(" + memory + braces([]string{kinds()[0].pods}) + ")"}, query{"Resident", gauge("process_resident_memory_bytes")},
			query{"Heap in use", gauge("go_memstats_heap_inuse_bytes")}, query{"Heap allocated", gauge("go_memstats_heap_alloc_bytes")},
			query{"Stacks", gauge("go_memstats_stack_inuse_bytes")}).sized(8, 8),
		graph("istiod goroutines", "A number that only ever grows is a leak.", "short", query{"{{pod}}", sum("pod", "go_goroutines"+braces([]string{istiod}))}).steps().sized(8, 8),
	}
}
