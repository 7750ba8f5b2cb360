package rules

import (
	"strconv"
	"strings"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze"
)

// The annotations that istiod judges on its own kinds.
const (
	dryRun   = "istio.io/dry-run"
	internal = "internal.istio.io/"
)

// Metadata judges the annotations of a resource of Istio.
func (j *Judge) Metadata() {
	if len(j.On.Annotations) == 0 {
		return
	}
	at := At("metadata").Field("annotations")
	for _, name := range SortedKeys(j.On.Annotations) {
		switch {
		case name == dryRun:
			j.dryRun(j.On.Annotations[name], at.Field(name))
		case strings.HasPrefix(name, internal):
			j.internal(strings.TrimPrefix(name, internal), at.Field(name))
		}
	}
}

func (j *Judge) dryRun(value string, at *Place) {
	if j.On.Kind != analyze.AuthorizationPolicy {
		j.Wrong(at, "only an AuthorizationPolicy can be tried without effect, not a %s", j.On.Kind.Name())
		return
	}
	if _, err := strconv.ParseBool(value); err != nil {
		j.Wrong(at, "%q is neither true nor false", value)
	}
	policy, ok := analyze.As[security.AuthorizationPolicy](j.On)
	if !ok {
		return
	}
	if action := policy.Spec.GetAction(); action != security.AuthorizationPolicy_ALLOW && action != security.AuthorizationPolicy_DENY {
		j.Wrong(at, "policies with action ALLOW or DENY can be tried without effect, and this is %s", action)
	}
}

// internal refuses what istiod writes on resources that it makes in memory.
func (j *Judge) internal(name string, at *Place) {
	switch name {
	case "webhook-always-reject", "parents", "parent-namespace":
		j.Wrong(at, "istiod sets this annotation for itself, and refuses it on what others write")
	}
}
