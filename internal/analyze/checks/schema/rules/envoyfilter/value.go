package envoyfilter

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// judgeValue judges what a patch puts into the configuration.
func (c *Checker) judgeValue(j *rules.Judge, applyTo networking.EnvoyFilter_ApplyTo, value *structpb.Struct, at *rules.Place) {
	switch applyTo {
	case networking.EnvoyFilter_NETWORK_FILTER, networking.EnvoyFilter_HTTP_FILTER, networking.EnvoyFilter_LISTENER_FILTER:
		judgeExtension(j, value, at)
	}
	if message := c.types.message(typeOf(applyTo)); message != nil {
		r := reader{j: j, types: &c.types}
		r.message(message, value, at, 0)
	}
	judgeTypes(j, value, at, 0)
}

// judgeExtension wants a filter to have something that configures it.
func judgeExtension(j *rules.Judge, value *structpb.Struct, at *rules.Place) {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return value.GetFields()[name] != nil })
	}
	if has("name") && !has("typed_config", "typedConfig", "config_discovery", "configDiscovery") {
		j.Doubt(at, "a filter with a name alone is not configured: give it a typed_config with its @type")
	}
}

// judgeTypes judges each typed configuration in a value.
func judgeTypes(j *rules.Judge, value *structpb.Struct, at *rules.Place, depth int) {
	if depth > deepest {
		return
	}
	fields := value.GetFields()
	for _, name := range rules.SortedKeys(fields) {
		at := at.Field(name)
		if name == "@type" {
			judgeType(j, fields[name].GetStringValue(), at)
			continue
		}
		switch kind := fields[name].GetKind().(type) {
		case *structpb.Value_StructValue:
			judgeTypes(j, kind.StructValue, at, depth+1)
		case *structpb.Value_ListValue:
			for i, item := range kind.ListValue.GetValues() {
				judgeTypes(j, item.GetStructValue(), at.Item(i), depth+1)
			}
		}
	}
}

func judgeType(j *rules.Judge, url string, at *rules.Place) {
	_, name, ok := strings.Cut(url, "/")
	switch {
	case !ok || name == "":
		j.Wrong(at, "%q is no type: write type.googleapis.com/ before its name", url)
	case isFrozen(name):
		j.Doubt(at, "%s is a type of the second version of Envoy's API, which Envoy no longer takes: use the one of the third", name)
	}
}

// isFrozen knows the packages of the second version, which was given up for the
// third: their names have v2, or no version at all.
func isFrozen(name string) bool {
	for _, prefix := range [...]string{"envoy.api.v2.", "envoy.config.filter.", "envoy.config.transport_socket.", "envoy.config.health_checker."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	if !strings.HasPrefix(name, "envoy.") {
		return false
	}
	for part := range strings.SplitSeq(name, ".") {
		if part == "v2" || part == "v2alpha" || part == "v2alpha1" {
			return !strings.HasPrefix(name, "envoy.extensions.")
		}
	}
	return false
}
