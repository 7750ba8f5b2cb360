// Package telemetry has the rules of Telemetries.
package telemetry

import (
	telemetry "istio.io/api/telemetry/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Check judges a Telemetry.
func Check(j *rules.Judge, spec *telemetry.Telemetry) {
	j.Attached(spec, spec.GetTargetRef())
	for i, tracing := range spec.GetTracing() {
		at := rules.At("spec").Field("tracing").Item(i)
		providers(j, tracing.GetProviders(), at)
		if len(tracing.GetProviders()) > 1 {
			j.Doubt(at.Field("providers").Item(1), "traces go to one provider, the first: this one gets none")
		}
		if percent := tracing.GetRandomSamplingPercentage(); percent.GetValue() < 0 || percent.GetValue() > 100 {
			j.Wrong(at.Field("randomSamplingPercentage"), "a percentage is from 0 to 100, not %v", percent.GetValue())
		}
		for _, name := range rules.SortedKeys(tracing.GetCustomTags()) {
			tag(j, tracing.CustomTags[name], name, at.Field("customTags").Field(name))
		}
	}
	if len(spec.GetTracing()) > 1 {
		j.Doubt(rules.At("spec").Field("tracing").Item(1), "one entry of tracing counts, the first: this one is ignored")
	}
	for i, metrics := range spec.GetMetrics() {
		at := rules.At("spec").Field("metrics").Item(i)
		providers(j, metrics.GetProviders(), at)
		for n, one := range metrics.GetOverrides() {
			override(j, one, at.Field("overrides").Item(n))
		}
	}
	for i, logging := range spec.GetAccessLogging() {
		at := rules.At("spec").Field("accessLogging").Item(i)
		providers(j, logging.GetProviders(), at)
		if logging.GetFilter() != nil {
			filter(j, logging.GetFilter().GetExpression(), at.Field("filter").Field("expression"))
		}
	}
}

func providers(j *rules.Judge, providers []*telemetry.ProviderRef, at *rules.Place) {
	for i, provider := range providers {
		if provider.GetName() == "" {
			j.Wrong(at.Field("providers").Item(i).Field("name"), "a provider needs a name")
		}
	}
}

func tag(j *rules.Judge, tag *telemetry.Tracing_CustomTag, name string, at *rules.Place) {
	switch kind := tag.GetType().(type) {
	case nil:
		j.Wrong(at, "tag %s needs a source: literal, environment, header or formatter", name)
	case *telemetry.Tracing_CustomTag_Literal:
		if kind.Literal.GetValue() == "" {
			j.Wrong(at.Field("literal").Field("value"), "tag %s needs a value", name)
		}
	case *telemetry.Tracing_CustomTag_Environment:
		if kind.Environment.GetName() == "" {
			j.Wrong(at.Field("environment").Field("name"), "tag %s needs the name of a variable", name)
		}
	case *telemetry.Tracing_CustomTag_Header:
		if kind.Header.GetName() == "" {
			j.Wrong(at.Field("header").Field("name"), "tag %s needs the name of a header", name)
		}
	}
}

func override(j *rules.Judge, override *telemetry.MetricsOverrides, at *rules.Place) {
	if match, ok := override.GetMatch().GetMetricMatch().(*telemetry.MetricSelector_CustomMetric); ok && match.CustomMetric == "" {
		j.Wrong(at.Field("match").Field("customMetric"), "customMetric needs the name of a metric")
	}
	for _, name := range rules.SortedKeys(override.GetTagOverrides()) {
		tag, at := override.TagOverrides[name], at.Field("tagOverrides").Field(name)
		switch tag.GetOperation() {
		case telemetry.MetricsOverrides_TagOverride_UPSERT:
			if tag.GetValue() == "" {
				j.Wrong(at, "to set tag %s, a value is needed", name)
			}
		case telemetry.MetricsOverrides_TagOverride_REMOVE:
			if tag.GetValue() != "" {
				j.Wrong(at.Field("value"), "tag %s is removed, so it cannot have a value", name)
			}
		}
	}
}
