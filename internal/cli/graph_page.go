package cli

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/prometheus"
	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/traffic/graph"
)

// graphDashboard is the service graph as a page that is kept up to date.
func graphDashboard(env *Env) dashboard.Dashboard {
	const port = 9088
	row := dashboard.Dashboard{
		Name: "graph", Aliases: []string{"servicegraph"}, Title: "Service graph",
		Summary: "who calls whom, how often and how well", Port: port,
	}
	title := row.Title
	row.Serve = func(ctx context.Context) (http.Handler, error) {
		source := &reopened{open: func() (traffic.Source, <-chan struct{}, error) { return openForGraph(ctx, env, title) }}
		if _, err := source.get(); err != nil {
			return nil, err
		}
		return graph.Handler(func(r *http.Request) (graph.Graph, error) { return lookAtGraph(r.Context(), env, source) }), nil
	}
	return row
}

// graphPatience is how long a page waits for figures before it says that there
// are none at the moment.
const graphPatience = 4 * time.Second

func lookAtGraph(ctx context.Context, env *Env, source *reopened) (graph.Graph, error) {
	server, err := source.get()
	if err != nil {
		return graph.Graph{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, graphPatience)
	defer cancel()
	picture, err := traffic.Read(ctx, server, traffic.Options{Window: time.Minute, At: env.Now()})
	if ctx.Err() != nil {
		err = errors.New("there is no answer from Prometheus at the moment")
	}
	return graph.Of(picture, ""), err
}

// openForGraph finds Prometheus, and closes ended when it is lost for good. It
// tells what happens under the title of the graph: Prometheus may be a dashboard
// of the same command.
func openForGraph(ctx context.Context, env *Env, title string) (source traffic.Source, ended <-chan struct{}, err error) {
	cluster, err := env.Cluster()
	if err != nil {
		return nil, nil, err
	}
	server, _ := dashboard.Find(dashboard.All(), "prometheus")
	story := &dashboardStory{env: env}
	options := dashboard.Options{Home: env.Global.IstioNamespace, AnyPort: true, Notify: story.of(dashboard.Dashboard{Title: title})}
	session, err := dashboard.Open(ctx, server, options, forwarder{cluster})
	if err != nil {
		return nil, nil, err
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		if err := session.Wait(ctx); err != nil {
			story.bad(title + ": " + err.Error())
		}
	}()
	source, err = prometheus.New(session.URL, env.Global.RequestTimeout)
	return source, over, err
}

// reopened is a source of metrics that is looked for anew when it has been lost
// for good, by whoever asks next.
type reopened struct {
	open func() (traffic.Source, <-chan struct{}, error)

	mu     sync.Mutex
	source traffic.Source
	ended  <-chan struct{}
}

func (r *reopened) get() (traffic.Source, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source != nil {
		select {
		case <-r.ended:
		default:
			return r.source, nil
		}
	}
	source, ended, err := r.open()
	if err != nil {
		return nil, err
	}
	r.source, r.ended = source, ended
	return source, nil
}
