package series

import (
	"math"
	"strconv"
	"strings"
)

// bounds are the upper bounds of Envoy's histograms, of milliseconds and bytes alike.
func bounds() []float64 {
	return []float64{
		0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000, math.Inf(1),
	}
}

// Histogram is how what was observed is spread: the share of observations up to
// each upper bound it names. Bounds between two that it names have the lower one's
// share, so the shape is exactly what is written down.
type Histogram map[float64]float64

// upTo is the share of observations that are at most bound.
func (h Histogram) upTo(bound float64) float64 {
	share := 0.0
	for at, s := range h {
		if at <= bound {
			share = max(share, s)
		}
	}
	return share
}

// Mean takes each observation for the middle of its bucket, as good a guess as any.
func (h Histogram) Mean() float64 {
	mean, lower, before := 0.0, 0.0, 0.0
	for _, bound := range bounds() {
		if math.IsInf(bound, 1) {
			bound = lower
		}
		share := h.upTo(bound)
		mean += (share - before) * (lower + bound) / 2
		lower, before = bound, share
	}
	return mean
}

// Quantile is what histogram_quantile makes of it: a place on the straight line
// between the bounds of the bucket.
func (h Histogram) Quantile(q float64) float64 {
	lower, before := 0.0, 0.0
	for _, bound := range bounds() {
		share := h.upTo(bound)
		if share >= q && share > 0 {
			if math.IsInf(bound, 1) {
				return lower
			}
			return lower + (bound-lower)*(q-before)/(share-before)
		}
		lower, before = bound, share
	}
	return math.NaN()
}

// histogram is the series of a classic histogram with so many observations a second.
func (l labels) histogram(name string, h Histogram, perSecond float64) []Series {
	return l.buckets(name, bounds(), h, perSecond)
}

// buckets is the same with bounds of its own.
func (l labels) buckets(name string, bounds []float64, h Histogram, perSecond float64) []Series {
	all := make([]Series, 0, len(bounds)+2)
	for _, bound := range bounds {
		all = append(all, l.with("le", bucketLabel(bound)).counter(name+"_bucket", perSecond*h.upTo(bound)))
	}
	return append(all, l.counter(name+"_sum", perSecond*h.Mean()), l.counter(name+"_count", perSecond))
}

// bucketLabel writes a bound as Prometheus 3 stores it, however it was exposed.
func bucketLabel(bound float64) string {
	text := strconv.FormatFloat(bound, 'g', -1, 64)
	if strings.ContainsAny(text, ".eI") {
		return text
	}
	return text + ".0"
}

// mixed is the spread of observations of several kinds, each with its weight.
func mixed(parts []Histogram, weights []float64) Histogram {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	all := Histogram{}
	for _, bound := range bounds() {
		for i, part := range parts {
			all[bound] += part.upTo(bound) * weights[i] / total
		}
	}
	return all
}
