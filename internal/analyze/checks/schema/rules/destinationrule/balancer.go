package destinationrule

import (
	"math/big"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// loadBalancer judges how requests are spread. watched is true where there is
// outlier detection.
func loadBalancer(j *rules.Judge, settings *networking.LoadBalancerSettings, watched bool, at *rules.Place) {
	if hash := settings.GetConsistentHash(); hash != nil {
		consistentHash(j, hash, at.Field("consistentHash"))
	}
	if warmup := settings.GetWarmup(); warmup != nil {
		at := at.Field("warmup")
		if warmup.GetDuration() == nil {
			j.Wrong(at.Field("duration"), "a warmup needs a duration")
		}
		j.Duration(warmup.GetDuration(), at.Field("duration"))
		if percent := warmup.GetMinimumPercent(); percent != nil {
			j.Percent(percent.GetValue(), at.Field("minimumPercent"))
		}
		if aggression := warmup.GetAggression(); aggression != nil && !(aggression.GetValue() >= 1) {
			j.Wrong(at.Field("aggression"), "an aggression of 1 is a straight line, and less is not possible: this is %v", aggression.GetValue())
		}
	}
	if settings.GetLocalityLbSetting() != nil {
		Locality(j, settings.GetLocalityLbSetting(), watched, at.Field("localityLbSetting"))
	}
}

func consistentHash(j *rules.Judge, hash *networking.LoadBalancerSettings_ConsistentHashLB, at *rules.Place) {
	if cookie := hash.GetHttpCookie(); cookie != nil {
		httpCookie(j, cookie, at.Field("httpCookie"))
	}
	if hash.GetMinimumRingSize() != 0 { //nolint:staticcheck // deprecated, which is what is said of it
		j.Doubt(at.Field("minimumRingSize"), "minimumRingSize is deprecated here: write ringHash: {minimumRingSize: %d}", hash.GetMinimumRingSize()) //nolint:staticcheck // see above
		if hash.GetHashAlgorithm() != nil {
			j.Wrong(at.Field("minimumRingSize"), "minimumRingSize stands for ringHash, so there cannot be ringHash or maglev beside it")
		}
	}
	algorithm, ok := hash.GetHashAlgorithm().(*networking.LoadBalancerSettings_ConsistentHashLB_Maglev)
	if !ok {
		return
	}
	const largest = 5000011
	switch size := algorithm.Maglev.GetTableSize(); {
	case size == 0:
		j.Wrong(at.Field("maglev"), "maglev needs the tableSize: a prime such as 65537")
	case size >= largest:
		j.Wrong(at.Field("maglev").Field("tableSize"), "the table has less than %d places, and this is %d", largest, size)
	case !new(big.Int).SetUint64(size).ProbablyPrime(0): // exact for such numbers
		j.Wrong(at.Field("maglev").Field("tableSize"), "the tableSize has to be a prime, and %d is none", size)
	}
}

func httpCookie(j *rules.Judge, cookie *networking.LoadBalancerSettings_ConsistentHashLB_HTTPCookie, at *rules.Place) {
	if cookie.GetName() == "" {
		j.Wrong(at.Field("name"), "a cookie needs a name")
	}
	for i, attribute := range cookie.GetAttributes() {
		at := at.Field("attributes").Item(i)
		if attribute.GetName() == "" {
			j.Wrong(at.Field("name"), "an attribute of a cookie needs a name")
			continue
		}
		for _, other := range cookie.GetAttributes()[:i] {
			if other.GetName() == attribute.GetName() {
				j.Wrong(at.Field("name"), "there are two attributes called %s", attribute.GetName())
				break
			}
		}
	}
}
