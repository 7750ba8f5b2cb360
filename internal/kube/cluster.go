// Package kube talks to one Kubernetes cluster: it reads, applies and deletes
// objects, watches them become healthy or go away, and answers what the user
// may do there.
//
// It turns object.Object and object.Ref into API requests and answers into
// objects or typed errors. It is the only package that knows client-go, and it
// imports no other package of this module than object: callers declare the few
// methods they need as interfaces of their own.
//
// Every request takes a context; when that ends, the error is its error, so
// errors.Is(err, context.Canceled) holds. Options.RequestTimeout bounds single
// requests and never a watch.
package kube

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	_ "k8s.io/client-go/plugin/pkg/client/auth/oidc" // kubeconfigs may name it, as kubectl allows
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/connrotation"
	"k8s.io/klog/v2"

	"github.com/meshctl/meshctl/internal/object"
)

// Manager is the field manager of all that is applied.
const Manager = "meshctl"

// Options say which cluster to talk to, and as whom. The zero value is what
// kubectl would take without flags.
type Options struct {
	// Kubeconfig is the path of a kubeconfig file; empty means kubectl's rules.
	Kubeconfig string
	// Context is the kubeconfig context; empty means the current one.
	Context string
	// Namespace overrides the namespace of the context.
	Namespace string
	// As and AsGroups impersonate a user.
	As       string
	AsGroups []string
	// RequestTimeout bounds each single request; zero means no bound.
	RequestTimeout time.Duration
	UserAgent      string
	// OnWarning takes warnings of the API server, such as a deprecated version.
	// It may be called from several goroutines at once.
	OnWarning func(string)
}

// Cluster is a connection to one cluster. It is safe for concurrent use.
type Cluster struct {
	context   string
	namespace string
	timeout   time.Duration
	config    *rest.Config
	http      *http.Client
	dynamic   dynamic.Interface
	discovery *discovery.DiscoveryClient
	kinds     *kinds
	// connections are those of http, to be closed when the network has gone.
	connections *connrotation.ConnectionTracker
	// answered is set by the first answer; from then on a refused connection is
	// taken for a restart of the API server and tried again.
	answered atomic.Bool
}

// Connect prepares the connection to a cluster. It reads the kubeconfig and
// sends nothing: Version tells whether the cluster can be reached.
func Connect(options Options) (*Cluster, error) {
	target, err := load(options)
	if err != nil {
		return nil, err
	}
	cluster := &Cluster{
		context:   target.context,
		namespace: target.namespace,
		timeout:   options.RequestTimeout,
		config:    target.config,
	}
	if err := cluster.open(); err != nil {
		return nil, &ConfigError{Path: target.path, Err: err}
	}
	return cluster, nil
}

// open builds the clients on one HTTP client, so that all share its connections.
func (c *Cluster) open() error {
	c.connections = track(c.config)
	var err error
	if c.http, err = rest.HTTPClientFor(c.config); err != nil {
		return err
	}
	if c.dynamic, err = dynamic.NewForConfigAndClient(c.config, c.http); err != nil {
		return err
	}
	if c.discovery, err = discovery.NewDiscoveryClientForConfigAndClient(c.config, c.http); err != nil {
		return err
	}
	c.kinds = newKinds()
	return nil
}

// Namespace is where objects without a namespace go: that of the options, else
// of the context, else "default".
func (c *Cluster) Namespace() string { return c.namespace }

// Context is the name of the kubeconfig context, or "in-cluster".
func (c *Cluster) Context() string { return c.context }

// Host is the address of the API server.
func (c *Cluster) Host() string { return c.config.Host }

// Version asks for the version of the cluster. It is also the cheapest way to
// learn whether the cluster answers at all.
func (c *Cluster) Version(ctx context.Context) (*version.Info, error) {
	var info *version.Info
	err := c.do(ctx, func(ctx context.Context) (err error) {
		info, err = c.discovery.ServerVersionWithContext(ctx)
		return err
	})
	if err != nil {
		return nil, c.explain(ctx, "asking for the cluster's version", object.Ref{}, err)
	}
	return info, nil
}

// Quiet keeps what client-go logs off the user's terminal. The logger is one
// for the whole process, so main calls this once, before the first Connect.
func Quiet() { klog.SetLogger(logr.Discard()) }
