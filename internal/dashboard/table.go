package dashboard

import "slices"

// All is the table of dashboards.
func All() []Dashboard {
	return slices.Concat(addOns(), ofTheMesh())
}

// addOns are programs of others.
func addOns() []Dashboard {
	return []Dashboard{
		{
			Name: "grafana", Title: "Grafana", Summary: "graphs of the mesh, its services and workloads",
			Selectors: []string{"app.kubernetes.io/name=grafana", "app=grafana"}, Services: []string{"grafana"},
			Port: 3000, Health: "/api/health", Pages: grafanaPages(), Component: "grafana",
		},
		{
			Name: "prometheus", Title: "Prometheus", Summary: "metrics, queries, targets and alerts",
			Selectors: []string{
				"app.kubernetes.io/name=prometheus,app.kubernetes.io/component=server",
				"app.kubernetes.io/name=prometheus", "app=prometheus", "operated-prometheus=true",
			},
			Services: []string{"prometheus", "prometheus-server"},
			Port:     9090, Health: "/-/healthy", Pages: prometheusPages(), Component: "prometheus",
		},
		{
			Name: "jaeger", Title: "Jaeger", Summary: "traces of requests through the mesh",
			Selectors: []string{"app=jaeger", "app.kubernetes.io/name=jaeger"}, Services: []string{"jaeger-query"},
			Port: 16686, Path: "/jaeger", Health: "/api/services", Pages: jaegerPages(), Component: "jaeger",
		},
		{
			Name: "kiali", Title: "Kiali", Summary: "the mesh as a graph, its configuration and health",
			Selectors: []string{"app=kiali", "app.kubernetes.io/name=kiali"}, Services: []string{"kiali"},
			Port: 20001, Path: "/kiali", Health: "/healthz", Pages: kialiPages(), Component: "kiali",
		},
		{
			Name: "zipkin", Title: "Zipkin", Summary: "traces of requests, and what depends on what",
			Selectors: []string{"app=zipkin", "app.kubernetes.io/name=zipkin"},
			Port:      9411, Path: "/zipkin", Health: "/config.json", Component: "zipkin",
		},
		{
			Name: "skywalking", Title: "SkyWalking", Summary: "traces, metrics and topology",
			Selectors: []string{"app=skywalking-ui", "app=skywalking,component=ui"}, Services: []string{"skywalking-ui"},
			Port: 8080,
		},
		{
			Name: "headlamp", Aliases: []string{"kubernetes", "kubernetes-dashboard"}, Title: "Headlamp", Summary: "the cluster itself: workloads, logs and events",
			Selectors: []string{"app.kubernetes.io/name=headlamp"}, Services: []string{"headlamp", "ocne-system/ui"},
			Port: 4466, Install: "helm install headlamp headlamp --repo https://kubernetes-sigs.github.io/headlamp -n kube-system",
		},
	}
}

// ofTheMesh are pages that istiod and the proxies have of themselves.
func ofTheMesh() []Dashboard {
	return []Dashboard{
		{
			Name: "envoy", Aliases: []string{"proxy"}, Title: "Envoy", Summary: "the admin pages of a sidecar or gateway",
			Pods: true, NeedsPod: true, Port: 15000, Health: "/ready",
		},
		{
			Name: "istiod", Aliases: []string{"istiod-debug"}, Title: "istiod", Summary: "what the control plane knows and sends",
			Selectors: []string{"app=istiod"}, Services: []string{"istiod"},
			Port: 15014, Path: "/debug", Health: "/syncz",
		},
		{
			Name: "controlz", Title: "ControlZ", Summary: "log levels, memory and versions of a control plane",
			Selectors: []string{"app=istiod"}, Pods: true, Port: 9876,
		},
	}
}

// Find looks a dashboard up by its name or an alias.
func Find(table []Dashboard, name string) (Dashboard, bool) {
	at := slices.IndexFunc(table, func(d Dashboard) bool { return d.Name == name || slices.Contains(d.Aliases, name) })
	if at < 0 {
		return Dashboard{}, false
	}
	return table[at], true
}
