package cli

import (
	"context"
	"net/http"
	"time"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/traffic/graph"
)

// graphDashboard is the service graph as a page that is kept up to date.
func graphDashboard(env *Env) dashboard.Dashboard {
	const port = 9088
	return dashboard.Dashboard{
		Name: "graph", Title: "Service graph", Summary: "who calls whom, how often and how well", Port: port,
		Serve: func(ctx context.Context) (http.Handler, error) {
			flags := trafficFlags{window: time.Minute}
			source, err := flags.open(ctx, env)
			if err != nil {
				return nil, err
			}
			return graph.Handler(func(r *http.Request) (graph.Graph, error) {
				picture, err := traffic.Read(r.Context(), source, traffic.Options{Window: flags.window, At: env.Now()})
				return graph.Of(picture, ""), err
			}), nil
		},
	}
}
