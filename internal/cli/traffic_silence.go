package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/prometheus"
	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

func trafficRules() []rule {
	return []rule{
		on(func(e *prometheus.UnreachableError) verdict { return exits(exitUnreachable, prometheusHints(e)...) }),
		on(func(*prometheus.SlowError) verdict { return exits(exitPartial, slowPrometheusHints()...) }),
		on(func(e *unknownWorkloadError) verdict { return exits(exitFailed, unknownWorkloadHints(e)...) }),
	}
}

func prometheusHints(e *prometheus.UnreachableError) []string {
	return []string{"--prometheus-url names another than " + e.Address + "; without it the one of the mesh is asked"}
}

func slowPrometheusHints() []string {
	return []string{"--request-timeout gives it more time; a namespace in -n or a shorter --duration asks for less"}
}

// explainSilence says why a table is empty, as far as Prometheus knows.
func (l look) explainSilence(ctx context.Context, env *Env, rows int) {
	if rows > 0 || env.Global.Quiet {
		return
	}
	where := "in the mesh"
	if l.options.Namespace != "" {
		where = "from or to namespace " + l.options.Namespace
	}
	said := "no traffic " + where + " in the last " + traffic.Period(l.Window)
	// Without the reason the fact is still worth saying.
	if silence, err := traffic.Explain(ctx, l.source, l.options); err == nil {
		said += ": " + l.reason(silence)
	}
	ui.Hint(env.IO.Stderr(), env.named(said))
}

func (l look) reason(s traffic.Silence) string {
	proxies := ui.Plural(s.Proxies, "proxy", "proxies")
	switch {
	case s.Series == 0 && s.Targets == 0:
		return "Prometheus reads no metrics at all; its page /targets says what it tries"
	case s.Series == 0 && s.Proxies == 0:
		return "Prometheus reads no proxy; pods without one are not counted, and 'meshctl check-inject' says why a pod has none"
	case s.Series == 0:
		return fmt.Sprintf("Prometheus reads %s, and none has carried anything yet", proxies)
	case s.New():
		return "Prometheus has read the proxies only once; ask again when it has done so twice"
	case s.TooShort():
		return fmt.Sprintf("Prometheus reads the proxies less than twice in %s; try --duration 5m", traffic.Period(l.Window))
	case l.options.Namespace != "" && !slices.Contains(s.Namespaces, l.options.Namespace):
		return unknownNamespace(l.options.Namespace, s.Namespaces)
	case s.Earlier:
		return "there was some in the last hour; --duration looks further back"
	case s.Proxies == 0:
		return "nor in the last hour"
	}
	return fmt.Sprintf("nor in the last hour, though Prometheus reads %s", proxies)
}

func unknownNamespace(name string, known []string) string {
	said := "Prometheus knows no workload there"
	if near := profiles.Near(name, known); len(near) > 0 {
		return said + "; " + didYouMean(near)
	}
	const most = 5
	if len(known) > most {
		known = append(slices.Clone(known[:most]), "…")
	}
	return said + ", but in " + strings.Join(known, ", ")
}

// hintLost tells of requests that no row has, since they reached no workload: a
// service without endpoints is down, and that should not go unseen.
func (l look) hintLost(env *Env, by traffic.By) {
	if by != traffic.ByWorkload || env.Global.Quiet {
		return
	}
	lost := l.Lost(env.Global.Namespace)
	if len(lost) == 0 {
		return
	}
	ui.Hint(env.IO.Stderr(), env.named("no workload answered requests to "+strings.Join(lost, ", ")+"; 'meshctl stat svc' has them"))
}
