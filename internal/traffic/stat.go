package traffic

import (
	"slices"
	"strings"
)

// By is what a table of figures has a row for.
type By string

// The kinds of rows.
const (
	ByWorkload  By = "deploy"
	ByService   By = "svc"
	ByNamespace By = "ns"
)

// Row is the traffic into a workload, a service or a namespace.
type Row struct {
	// Namespace is empty for a service outside of the cluster.
	Namespace string
	Name      string
	Numbers
	// Clients is how many known workloads call it.
	Clients int
}

// Stat adds up the traffic into each workload, service or namespace, in their order.
// With a namespace only those in it are listed.
func (p Picture) Stat(by By, namespace string) []Row {
	type id struct{ namespace, name string }
	rows := map[id]*Row{}
	clients := map[id]map[Workload]bool{}
	for _, edge := range p.Edges {
		space, name := edge.target(by)
		key := id{space, name}
		if name == "" || namespace != "" && space != namespace {
			continue
		}
		if rows[key] == nil {
			rows[key], clients[key] = &Row{Namespace: space, Name: name}, map[Workload]bool{}
		}
		rows[key].Add(edge.Numbers)
		if edge.From.Known() {
			clients[key][edge.From] = true
		}
	}
	table := make([]Row, 0, len(rows))
	for key, row := range rows {
		row.Clients = len(clients[key])
		table = append(table, *row)
	}
	slices.SortFunc(table, func(a, b Row) int {
		return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	return table
}

// target is what an edge leads to; the name is empty if that is nothing of the
// kind, or if what goes there is counted elsewhere: of the way through a waypoint
// only the waypoint itself has bytes.
func (e Edge) target(by By) (namespace, name string) {
	switch {
	case e.Hop == FromWaypoint, e.Hop == ToWaypoint && by != ByWorkload:
		return "", ""
	case by == ByWorkload:
		return e.To.Namespace, e.To.Name
	case by == ByNamespace:
		return e.To.Namespace, e.To.Namespace
	case by == ByService:
		return ServiceOf(e.Service)
	}
	return "", ""
}

// ServiceOf reads the host of a Service of the cluster. Other hosts are their own
// name, and in no namespace.
func ServiceOf(host string) (namespace, name string) {
	const labels = 3
	parts := strings.SplitN(host, ".", labels+1)
	if len(parts) > labels-1 && parts[2] == "svc" {
		return parts[1], parts[0]
	}
	return "", host
}

// Into adds up the traffic into workloads of a name, in one namespace or, if
// that is empty, in all.
func (p Picture) Into(namespace, name string) (Numbers, bool) {
	var sum Numbers
	found := false
	for _, edge := range p.Edges {
		if edge.To.Name == name && edge.Hop != FromWaypoint && (namespace == "" || edge.To.Namespace == namespace) {
			sum.Add(edge.Numbers)
			found = true
		}
	}
	return sum, found
}

// Lost lists the services of the cluster to which requests failed that no workload
// was found for, as name.namespace: they have no endpoint that is well. With a
// namespace only those in it are listed.
func (p Picture) Lost(namespace string) []string {
	var lost []string
	for _, edge := range p.Edges {
		space, name := ServiceOf(edge.Service)
		if edge.To.Known() || edge.Failed == 0 || space == "" || namespace != "" && space != namespace {
			continue
		}
		if host := name + "." + space; !slices.Contains(lost, host) {
			lost = append(lost, host)
		}
	}
	return lost
}
