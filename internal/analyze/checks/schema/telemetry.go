package schema

import (
	telemetry "istio.io/api/telemetry/v1alpha1"

	"github.com/meshctl/meshctl/internal/object"
)

func (j judge) telemetry(spec *telemetry.Telemetry) {
	for i, tracing := range spec.GetTracing() {
		at := object.Field("spec.tracing", i)
		j.providers(tracing.GetProviders(), at)
		if len(tracing.GetProviders()) > 1 {
			j.doubt(at.With("providers", 1), "traces go to one provider, the first: this one gets none")
		}
		if percent := tracing.GetRandomSamplingPercentage(); percent.GetValue() < 0 || percent.GetValue() > 100 {
			j.wrong(at.With("randomSamplingPercentage"), "a percentage is from 0 to 100, not %v", percent.GetValue())
		}
		for _, name := range sortedKeys(tracing.GetCustomTags()) {
			j.tag(tracing.CustomTags[name], name, at.With("customTags").Key(name))
		}
	}
	if len(spec.GetTracing()) > 1 {
		j.doubt(object.Field("spec.tracing", 1), "one entry of tracing counts, the first: this one is ignored")
	}
	for i, metrics := range spec.GetMetrics() {
		at := object.Field("spec.metrics", i)
		j.providers(metrics.GetProviders(), at)
		for n, override := range metrics.GetOverrides() {
			j.override(override, at.With("overrides", n))
		}
	}
	for i, logging := range spec.GetAccessLogging() {
		j.providers(logging.GetProviders(), object.Field("spec.accessLogging", i))
	}
}

func (j judge) providers(providers []*telemetry.ProviderRef, at object.Path) {
	for i, provider := range providers {
		if provider.GetName() == "" {
			j.wrong(at.With("providers", i), "a provider needs a name")
		}
	}
}

func (j judge) tag(tag *telemetry.Tracing_CustomTag, name string, at object.Path) {
	switch kind := tag.GetType().(type) {
	case nil:
		j.wrong(at, "tag %s needs a source: literal, environment, header or formatter", name)
	case *telemetry.Tracing_CustomTag_Literal:
		if kind.Literal.GetValue() == "" {
			j.wrong(at.With("literal"), "tag %s needs a value", name)
		}
	case *telemetry.Tracing_CustomTag_Environment:
		if kind.Environment.GetName() == "" {
			j.wrong(at.With("environment"), "tag %s needs the name of a variable", name)
		}
	case *telemetry.Tracing_CustomTag_Header:
		if kind.Header.GetName() == "" {
			j.wrong(at.With("header"), "tag %s needs the name of a header", name)
		}
	}
}

func (j judge) override(override *telemetry.MetricsOverrides, at object.Path) {
	if match, ok := override.GetMatch().GetMetricMatch().(*telemetry.MetricSelector_CustomMetric); ok && match.CustomMetric == "" {
		j.wrong(at.With("match.customMetric"), "customMetric needs the name of a metric")
	}
	for _, name := range sortedKeys(override.GetTagOverrides()) {
		tag, at := override.TagOverrides[name], at.With("tagOverrides").Key(name)
		switch tag.GetOperation() {
		case telemetry.MetricsOverrides_TagOverride_UPSERT:
			if tag.GetValue() == "" {
				j.wrong(at, "to set tag %s, a value is needed", name)
			}
		case telemetry.MetricsOverrides_TagOverride_REMOVE:
			if tag.GetValue() != "" {
				j.wrong(at.With("value"), "tag %s is removed, so it cannot have a value", name)
			}
		}
	}
}
