package traffic

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// anyTraffic is every series that tells of a request or of bytes.
const anyTraffic = `__name__=~"istio_requests_total|istio_tcp_sent_bytes_total"`

// Silence is what can be known of a mesh in which no traffic is seen.
type Silence struct {
	// Targets is how many processes Prometheus reads metrics of, and Proxies how
	// many of those are proxies or ztunnels.
	Targets, Proxies int
	// Series is how many counters of traffic there are, whether they grow or not.
	Series int
	// Values is how many values one of them has in the window, and Lately in the last ten minutes, at most.
	Values, Lately int
	// Earlier says that there was traffic in the hour before.
	Earlier bool
	// Namespaces are those that callers and called are in.
	Namespaces []string
}

// hour is how far back Earlier looks.
const hour = time.Hour

// Explain finds out why a picture is empty.
func Explain(ctx context.Context, source Source, options Options) (Silence, error) {
	var s Silence
	for _, question := range []struct {
		query string
		into  func(float64)
	}{
		{`count(up == 1)`, func(v float64) { s.Targets = int(v) }},
		{`count(istio_build{component=~"proxy|ztunnel"})`, func(v float64) { s.Proxies = int(v) }},
		{`count({` + anyTraffic + `})`, func(v float64) { s.Series = int(v) }},
		{`max(count_over_time({` + anyTraffic + `}[` + windowText(options.Window) + `]))`, func(v float64) { s.Values = int(v) }},
		{`max(count_over_time({` + anyTraffic + `}[10m]))`, func(v float64) { s.Lately = int(v) }},
		{options.everInLast(hour), func(v float64) { s.Earlier = v > 0 }},
	} {
		samples, err := source.Query(ctx, question.query, options.At)
		if err != nil {
			return s, err
		}
		if len(samples) > 0 && !math.IsNaN(samples[0].Value) {
			question.into(samples[0].Value)
		}
	}
	known, err := Known(ctx, source, options.At)
	for _, workload := range known {
		if !slices.Contains(s.Namespaces, workload.Namespace) {
			s.Namespaces = append(s.Namespaces, workload.Namespace)
		}
	}
	return s, err
}

// everInLast is the query for how much traffic of any kind there was.
func (o Options) everInLast(window time.Duration) string {
	o.Window = window
	return "sum(" + o.growth("istio_requests_total") + " or " + o.growth("istio_tcp_sent_bytes_total") + ")"
}

// It takes two values to see a counter grow.
const enough = 2

// TooShort says that there are values enough, but not in the window.
func (s Silence) TooShort() bool { return s.Values < enough && s.Lately >= enough }

// New says that there are no two values yet.
func (s Silence) New() bool { return s.Series > 0 && s.Lately < enough }

// Known lists the workloads that metrics are kept of, whether they have traffic or not.
func Known(ctx context.Context, source Source, at time.Time) ([]Workload, error) {
	var known []Workload
	for _, side := range [][2]string{{destinationSpace, destinationLabel}, {sourceNamespace, sourceLabel}} {
		samples, err := source.Query(ctx, fmt.Sprintf("count by (%s, %s) ({%s})", side[0], side[1], anyTraffic), at)
		if err != nil {
			return nil, err
		}
		for _, sample := range samples {
			if w := workload(sample.Labels[side[0]], sample.Labels[side[1]]); w.Known() && !slices.Contains(known, w) {
				known = append(known, w)
			}
		}
	}
	slices.SortFunc(known, func(a, b Workload) int { return strings.Compare(a.String(), b.String()) })
	return known, nil
}
