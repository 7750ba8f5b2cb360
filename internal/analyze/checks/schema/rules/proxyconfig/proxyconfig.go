// Package proxyconfig has the rules of ProxyConfigs.
package proxyconfig

import (
	networking "istio.io/api/networking/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Check judges a ProxyConfig.
func Check(j *rules.Judge, spec *networking.ProxyConfig) {
	j.Selected(spec)
	if concurrency := spec.GetConcurrency().GetValue(); concurrency < 0 {
		j.Wrong(rules.At("spec").Field("concurrency"), "concurrency is the number of threads of the proxy and cannot be %d", concurrency)
	}
}
