// Package dashboard brings the web pages of a mesh to this machine.
//
// It turns a row of a table into a session: a Service found by its labels or
// its name, a ready pod behind it, a local port that leads to that pod, and a
// URL; when the pod is replaced, the session moves to the next one. A group
// keeps several of them at once. Adding a dashboard is adding a row. The package
// imports object and no other of this module: the cluster comes as an
// interface, and whoever calls opens the browser.
package dashboard

import (
	"context"
	"net"
	"net/http"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Dashboard is one row of the table.
type Dashboard struct {
	// Name is what users type, Aliases are what else they may type, and Title is
	// what they read.
	Name    string
	Aliases []string
	Title   string
	// Summary says in a few words what it shows.
	Summary string
	// Selectors find the Service by its labels, as kubectl writes selectors; the
	// first that finds one decides. Where there is no Service they find pods.
	Selectors []string
	// Services are names under which the Service is known where its labels are
	// not: NAME, or NAMESPACE/NAME where the name alone would say too little.
	Services []string
	// Pods says that it has no Service: selectors find pods.
	Pods bool
	// NeedsPod says that users have to say which pod they mean.
	NeedsPod bool
	// Port is where the program listens unless it was configured otherwise. It
	// tells which port of a Service with several is meant.
	Port int
	// Path is where the pages start unless it was configured otherwise; empty is
	// the root.
	Path string
	// Health is a page below Path that says that the program is well.
	Health string
	// Pages are those that can be opened by name.
	Pages []Page
	// Component is the name under which meshctl installs it, if it does.
	Component string
	// Install is the command that installs it, where meshctl does not.
	Install string
	// Serve makes the pages of a dashboard that is part of this program. ctx is
	// the life of the session. Such a row needs name, title and port only.
	Serve func(ctx context.Context) (http.Handler, error)
}

// Cluster is what dashboards need of a cluster.
type Cluster interface {
	Get(ctx context.Context, ref object.Ref) (object.Object, bool, error)
	List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error)
	// PodsOf lists the pods of a workload.
	PodsOf(ctx context.Context, workload object.Object) ([]object.Object, error)
	// Until returns once enough is true of an object; nil is one that is not there.
	Until(ctx context.Context, ref object.Ref, enough func(live *object.Object) bool) error
	// Tunnel opens the way to a port of a pod, until ctx ends.
	Tunnel(ctx context.Context, pod object.Ref, port int) (Tunnel, error)
}

// Tunnel leads to one port of one pod.
type Tunnel interface {
	// Carry connects local with the port until one side has said all, and closes
	// local. An error means that the tunnel has ended, and local is as it was.
	Carry(local net.Conn) error
	// Done is closed when it has ended, and Err then says why.
	Done() <-chan struct{}
	Err() error
	Close()
}
