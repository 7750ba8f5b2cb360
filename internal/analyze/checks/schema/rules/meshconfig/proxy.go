package meshconfig

import (
	"net"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"
	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/destinationrule"
)

// proxy judges what proxies are started with.
func proxy(j *rules.Judge, config *meshapi.ProxyConfig, at *rules.Place) {
	seconds(j, config.GetDrainDuration(), at.Field("drainDuration"))
	seconds(j, config.GetTerminationDrainDuration(), at.Field("terminationDrainDuration"))
	address(j, config.GetDiscoveryAddress(), at.Field("discoveryAddress"))
	address(j, config.GetStatsdUdpAddress(), at.Field("statsdUdpAddress"))
	if service := config.GetEnvoyMetricsService(); service != nil {
		remote(j, service, at.Field("envoyMetricsService"))
	}
	if service := config.GetEnvoyAccessLogService(); service != nil {
		remote(j, service, at.Field("envoyAccessLogService"))
	}
	setPort(j, config.GetProxyAdminPort(), at.Field("proxyAdminPort"))
	setPort(j, config.GetStatusPort(), at.Field("statusPort"))
	if concurrency := config.GetConcurrency().GetValue(); concurrency < 0 {
		j.Wrong(at.Field("concurrency"), "concurrency is the number of threads of the proxy and cannot be %d", concurrency)
	}
	if config.GetTracing() != nil {
		tracing(j, config.GetTracing(), at.Field("tracing"))
	}
	switch provider := config.GetPrivateKeyProvider().GetProvider().(type) {
	case *meshapi.PrivateKeyProvider_Cryptomb:
		polled(j, provider.Cryptomb.GetPollDelay(), at.Field("privateKeyProvider").Field("cryptomb"))
	case *meshapi.PrivateKeyProvider_Qat:
		polled(j, provider.Qat.GetPollDelay(), at.Field("privateKeyProvider").Field("qat"))
	}
	if _, old := config.GetProxyMetadata()["ISTIO_META_DNS_AUTO_ALLOCATE"]; old {
		j.Doubt(at.Field("proxyMetadata").Field("ISTIO_META_DNS_AUTO_ALLOCATE"), "istiod allocates addresses of ServiceEntries by itself now, which this setting stands in the way of: leave it out")
	}
}

func polled(j *rules.Judge, delay *durationpb.Duration, at *rules.Place) {
	if delay.AsDuration() <= 0 {
		j.Wrong(at, "a provider of private keys needs a pollDelay greater than 0, such as 10ms")
	}
}

func remote(j *rules.Judge, service *meshapi.RemoteService, at *rules.Place) {
	if service.GetAddress() == "" {
		j.Wrong(at, "a service needs an address: host:port")
	}
	address(j, service.GetAddress(), at.Field("address"))
	if service.GetTlsSettings() != nil {
		destinationrule.TLS(j, service.GetTlsSettings(), at.Field("tlsSettings"))
	}
}

// address wants host:port, where something is set.
func address(j *rules.Judge, text string, at *rules.Place) {
	if text == "" {
		return
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		j.Wrong(at, "%q is no address: host:port", text)
		return
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
		j.Wrong(at, "%q has no port number after its colon", text)
	}
	if fault := rules.DomainFault(host); fault != "" && !rules.IsAddress(host) {
		j.Wrong(at, "host %q %s", host, fault)
	}
}

func tracing(j *rules.Judge, tracing *meshapi.Tracing, at *rules.Place) {
	switch tracer := tracing.GetTracer().(type) {
	case *meshapi.Tracing_Zipkin_:
		collector(j, tracer.Zipkin.GetAddress(), at.Field("zipkin"))
	case *meshapi.Tracing_Lightstep_:
		collector(j, tracer.Lightstep.GetAddress(), at.Field("lightstep"))
		if tracer.Lightstep.GetAccessToken() == "" {
			j.Wrong(at.Field("lightstep"), "Lightstep needs an accessToken")
		}
	case *meshapi.Tracing_Datadog_:
		// The agent on the node of the pod is reached by a variable.
		collector(j, strings.Replace(tracer.Datadog.GetAddress(), "$(HOST_IP)", "127.0.0.1", 1), at.Field("datadog"))
	case *meshapi.Tracing_OpenCensusAgent_:
		if tracer.OpenCensusAgent.GetAddress() == "" {
			j.Wrong(at.Field("openCensusAgent"), "a tracer needs the address of its collector")
		}
	}
	if tracing.GetTlsSettings() != nil {
		destinationrule.TLS(j, tracing.GetTlsSettings(), at.Field("tlsSettings"))
	}
	if sampling := tracing.GetSampling(); sampling != 0 {
		j.Percent(sampling, at.Field("sampling"))
	}
	for _, name := range rules.SortedKeys(tracing.GetCustomTags()) {
		customTag(j, tracing.CustomTags[name], name, at.Field("customTags").Field(name))
	}
}

func collector(j *rules.Judge, text string, at *rules.Place) {
	if text == "" {
		j.Wrong(at, "a tracer needs the address of its collector: host:port")
	}
	address(j, text, at.Field("address"))
}

func customTag(j *rules.Judge, tag *meshapi.Tracing_CustomTag, name string, at *rules.Place) {
	switch kind := tag.GetType().(type) {
	case nil:
		j.Wrong(at, "tag %s needs a source: literal, environment or header", name)
	case *meshapi.Tracing_CustomTag_Literal:
		if kind.Literal.GetValue() == "" {
			j.Wrong(at.Field("literal"), "tag %s needs a value", name)
		}
	case *meshapi.Tracing_CustomTag_Environment:
		if kind.Environment.GetName() == "" {
			j.Wrong(at.Field("environment"), "tag %s needs the name of a variable", name)
		}
	case *meshapi.Tracing_CustomTag_Header:
		if kind.Header.GetName() == "" {
			j.Wrong(at.Field("header"), "tag %s needs the name of a header", name)
		}
	}
}
