package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/prometheus"
	"github.com/meshctl/meshctl/internal/traffic"
)

// trafficFlags say where the metrics of the mesh are and how far back to look.
type trafficFlags struct {
	url    string
	window time.Duration
}

func (f *trafficFlags) bind(flags *pflag.FlagSet) {
	const standard = time.Minute
	flags.StringVar(&f.url, "prometheus-url", "", "`URL` of Prometheus; without it the one of the mesh is reached through the API server")
	flags.DurationVarP(&f.window, "duration", "d", standard, "how far back to look")
}

func (f *trafficFlags) check() error {
	if f.window < time.Second {
		return usageErrorf("--duration %s: it has to be a second or longer; several times the scrape interval is wise", f.window)
	}
	return nil
}

// metricsSource is a Prometheus that is open for as long as a context lasts.
type metricsSource struct {
	traffic.Source
	// lost says why it cannot be reached any more; it says nothing where there is no way to keep.
	lost <-chan error
}

// open finds Prometheus. What it opens lasts as long as the context.
func (f *trafficFlags) open(ctx context.Context, env *Env) (metricsSource, error) {
	if err := f.check(); err != nil {
		return metricsSource{}, err
	}
	if f.url != "" {
		server, err := prometheus.New(f.url, env.Global.RequestTimeout)
		return metricsSource{Source: server}, err
	}
	cluster, err := env.Cluster()
	if err != nil {
		return metricsSource{}, err
	}
	row, _ := dashboard.Find(dashboard.All(), "prometheus")
	session, err := dashboard.Open(ctx, row, dashboard.Options{Home: env.Global.IstioNamespace, AnyPort: true}, forwarder{cluster})
	if err != nil {
		return metricsSource{}, dashboardError(err)
	}
	// Commands that look again and again outlive the pod that answers now.
	lost := make(chan error, 1)
	go func() { lost <- session.Wait(ctx) }()
	server, err := prometheus.New(session.URL, env.Global.RequestTimeout)
	return metricsSource{Source: server, lost: lost}, err
}

// options are for one look at the traffic from and to a namespace, or at all of it.
func (f *trafficFlags) options(env *Env, namespace string) traffic.Options {
	return traffic.Options{Namespace: namespace, Window: f.window, At: env.Now()}
}

// once opens Prometheus, takes one picture, has it shown and closes Prometheus again.
func (f *trafficFlags) once(ctx context.Context, env *Env, namespace string, show func(context.Context, look) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	patience := newPatience(env, "ask", "looking for it in the cluster")
	defer patience.end()
	source, err := f.open(ctx, env)
	if err != nil {
		return err
	}
	options := f.options(env, namespace)
	options.Answered = func(answered, asked int) { patience.say(fmt.Sprintf("%d of %d questions answered", answered, asked)) }
	picture, err := traffic.Read(ctx, source, options)
	if err != nil {
		return err
	}
	patience.end()
	return show(ctx, look{Picture: picture, source: source, options: options})
}

// look is a picture, and how to ask for more about it.
type look struct {
	traffic.Picture
	source  traffic.Source
	options traffic.Options
}
