package dashboard

import (
	"net/url"
	"strings"
)

// Page is a page of a dashboard that can be opened by name.
type Page struct {
	// Name is what users type, Title what the page is called there.
	Name, Title string
	// Of is what the page is about.
	Of Subject
	// Path leads to it, below the path of the dashboard. In it {name},
	// {namespace} and {host} stand for what it is about, {uid} for UID, and
	// {query} for the user's query.
	Path string
	// UID is how Grafana knows the page, where that is the same in every Grafana.
	UID string
}

// Subject is what a page is about.
type Subject string

// What pages are about.
const (
	Mesh     Subject = ""
	Service  Subject = "service"
	Workload Subject = "workload"
	Query    Subject = "query"
)

// About says which one.
type About struct {
	Namespace, Name string
	Query           string
}

// IsZero says that nothing was named.
func (a About) IsZero() bool { return a == About{} }

// Link is the path of the page. What was not named is left to the page: its
// parameters go.
func (p Page) Link(about About) string {
	path, parameters, _ := strings.Cut(p.Path, "?")
	host := ""
	if about.Name != "" {
		host = about.Name + "." + about.Namespace + ".svc.cluster.local"
	}
	fill := func(text string, escape func(string) string) string {
		return strings.NewReplacer(
			"{name}", escape(about.Name), "{namespace}", escape(about.Namespace), "{host}", escape(host),
			"{uid}", p.UID, "{query}", escape(about.Query),
		).Replace(text)
	}
	path = fill(path, url.PathEscape)
	var kept []string
	for parameter := range strings.SplitSeq(parameters, "&") {
		if filled := fill(parameter, url.QueryEscape); filled == parameter || !strings.HasSuffix(filled, "=") {
			kept = append(kept, filled)
		}
	}
	if parameters = strings.Join(kept, "&"); parameters != "" {
		return path + "?" + parameters
	}
	return path
}

// Needs says whether the page makes no sense without a name.
func (p Page) Needs() bool {
	path, _, _ := strings.Cut(p.Path, "?")
	return strings.Contains(path, "{name}") || p.Of == Query
}

func grafanaPages() []Page {
	const by = "/d/{uid}/"
	return []Page{
		{Name: "mesh", Title: "Istio Mesh Dashboard", Path: by + "istio-mesh-dashboard", UID: "1a9a8ea49444aae205c7737573e894f9"},
		{Name: "service", Title: "Istio Service Dashboard", Of: Service, Path: by + "istio-service-dashboard?var-service={host}", UID: "LJ_uJAvmk"},
		{Name: "workload", Title: "Istio Workload Dashboard", Of: Workload, Path: by + "istio-workload-dashboard?var-namespace={namespace}&var-workload={name}", UID: "UbsSZTDik"},
		{Name: "performance", Title: "Istio Performance Dashboard", Path: by + "istio-performance-dashboard", UID: "vu8e0VWZk"},
		{Name: "control-plane", Title: "Istio Control Plane Dashboard", Path: by + "istio-control-plane-dashboard", UID: "1813f692a8e4ac77155348d4c7d2fba8"},
		{Name: "wasm", Title: "Istio Wasm Extension Dashboard", Path: by + "istio-wasm-extension-dashboard", UID: "7PAV7ctGz"},
		{Name: "ztunnel", Title: "Istio Ztunnel Dashboard", Path: by + "istio-ztunnel-dashboard", UID: "12c58766acc81a1c835dd5059eaf2741"},
	}
}

func prometheusPages() []Page {
	return []Page{
		{Name: "query", Title: "Query", Of: Query, Path: "/graph?g0.expr={query}&g0.tab=0"},
		{Name: "alerts", Title: "Alerts", Path: "/alerts"},
		{Name: "targets", Title: "Targets", Path: "/targets"},
		{Name: "rules", Title: "Rules", Path: "/rules"},
	}
}

func jaegerPages() []Page {
	return []Page{
		{Name: "search", Title: "Search", Path: "/search"},
		{Name: "service", Title: "Traces of a service", Of: Service, Path: "/search?service={name}.{namespace}"},
		{Name: "dependencies", Title: "System architecture", Path: "/dependencies"},
	}
}

func kialiPages() []Page {
	const of = "/console/namespaces/{namespace}/"
	return []Page{
		{Name: "mesh", Title: "Mesh", Path: "/console/mesh"},
		{Name: "traffic", Title: "Traffic graph", Path: "/console/graph/namespaces"},
		{Name: "service", Title: "Service", Of: Service, Path: of + "services/{name}"},
		{Name: "workload", Title: "Workload", Of: Workload, Path: of + "workloads/{name}"},
	}
}
