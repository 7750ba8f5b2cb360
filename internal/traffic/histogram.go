package traffic

import (
	"maps"
	"math"
	"slices"
	"time"
)

// Histogram has, by upper bound in milliseconds, how many answers a second took
// no longer: the cumulative buckets of Prometheus.
type Histogram map[float64]float64

func (h Histogram) plus(other Histogram) Histogram {
	sum := maps.Clone(h)
	if sum == nil {
		sum = Histogram{}
	}
	for bound, rate := range other {
		sum[bound] += rate
	}
	return sum
}

// Quantile is the time within which a share of answers came, interpolated in its
// bucket as Prometheus' histogram_quantile does it. It is false without answers.
func (h Histogram) Quantile(share float64) (time.Duration, bool) {
	bounds := slices.Sorted(maps.Keys(h))
	if len(bounds) == 0 || h[bounds[len(bounds)-1]] <= 0 {
		return 0, false
	}
	rank := share * h[bounds[len(bounds)-1]]
	lower, below := 0.0, 0.0
	for _, bound := range bounds {
		if h[bound] >= rank && h[bound] > below {
			if math.IsInf(bound, 1) {
				return milliseconds(lower), true // all that is known is that it is longer
			}
			return milliseconds(lower + (bound-lower)*(rank-below)/(h[bound]-below)), true
		}
		lower, below = bound, max(below, h[bound])
	}
	return milliseconds(lower), true
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
