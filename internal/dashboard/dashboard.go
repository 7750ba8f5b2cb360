// Package dashboard brings the web pages of a mesh's add-ons to this machine.
//
// It turns a row of a table into a session: a Service found by its label, a
// ready pod behind it, a local port that leads to that pod, and a URL; when the
// pod is replaced, the session moves to the next one. Adding a dashboard is
// adding a row. The package imports object and no other of this module: the
// cluster comes as an interface, and whoever calls opens the browser.
package dashboard

import (
	"context"
	"net"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Dashboard is one row of the table.
type Dashboard struct {
	// Name is what users type and Title what they read.
	Name  string
	Title string
	// Selector finds the Service by its labels, as kubectl writes selectors.
	Selector string
	// Port is where the program listens unless it was configured otherwise. It
	// tells which port of a Service with several is meant.
	Port int
	// Path is where the pages start; empty is the root.
	Path string
	// Component is the name under which meshctl installs it, if it does.
	Component string
}

// All is the table of dashboards.
func All() []Dashboard {
	return []Dashboard{
		{Name: "grafana", Title: "Grafana", Selector: "app.kubernetes.io/name=grafana", Port: 3000, Component: "grafana"},
		{Name: "prometheus", Title: "Prometheus", Selector: "app.kubernetes.io/name=prometheus", Port: 9090, Component: "prometheus"},
	}
}

// Cluster is what dashboards need of a cluster.
type Cluster interface {
	List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error)
	// AwaitGone returns nil once the objects are gone.
	AwaitGone(ctx context.Context, refs []object.Ref, report func(object.Ref)) error
	// Forward lets a local port lead to a port of a pod, until ctx ends.
	Forward(ctx context.Context, target Target) (Forward, error)
}

// Target is the port of a pod, and the local one that shall lead there.
type Target struct {
	Namespace, Pod string
	RemotePort     int
	// Address is "localhost" or an IP address to listen on.
	Address   string
	LocalPort int
	// AnyPort allows another local port where LocalPort cannot be had.
	AnyPort bool
}

// Forward is a local port that leads to a pod.
type Forward interface {
	LocalAddr() net.Addr
	// Done is closed when it has ended, and Err then says why.
	Done() <-chan struct{}
	Err() error
	Close()
}
