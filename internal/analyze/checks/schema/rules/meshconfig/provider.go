package meshconfig

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

type provider = meshapi.MeshConfig_ExtensionProvider

// providers judges the services that policies can refer to by name.
func providers(j *rules.Judge, providers []*provider, at *rules.Place) {
	seen := make(map[string]bool, len(providers))
	for i, one := range providers {
		at, name := at.Item(i), one.GetName()
		switch {
		case name == "":
			j.Wrong(at, "a provider needs a name, by which policies refer to it")
		case seen[name]:
			j.Wrong(at.Field("name"), "there are two providers called %s", name)
		}
		seen[name] = true
		judgeProvider(j, one, at)
	}
}

// served is what most providers have.
type served interface {
	GetService() string
	GetPort() uint32
}

func judgeProvider(j *rules.Judge, one *provider, at *rules.Place) {
	switch kind := one.GetProvider().(type) {
	case nil:
		j.Wrong(at, "provider %q needs to say what it is, such as zipkin or envoyExtAuthzGrpc", one.GetName())
	case *meshapi.MeshConfig_ExtensionProvider_EnvoyExtAuthzHttp:
		at := at.Field("envoyExtAuthzHttp")
		service(j, kind.EnvoyExtAuthzHttp, at)
		status(j, kind.EnvoyExtAuthzHttp.GetStatusOnError(), at.Field("statusOnError"))
		path(j, kind.EnvoyExtAuthzHttp.GetPathPrefix(), at.Field("pathPrefix"))
		j.Duration(kind.EnvoyExtAuthzHttp.GetTimeout(), at.Field("timeout"))
	case *meshapi.MeshConfig_ExtensionProvider_EnvoyExtAuthzGrpc:
		at := at.Field("envoyExtAuthzGrpc")
		service(j, kind.EnvoyExtAuthzGrpc, at)
		status(j, kind.EnvoyExtAuthzGrpc.GetStatusOnError(), at.Field("statusOnError"))
		j.Duration(kind.EnvoyExtAuthzGrpc.GetTimeout(), at.Field("timeout"))
	case *meshapi.MeshConfig_ExtensionProvider_Zipkin:
		service(j, kind.Zipkin, at.Field("zipkin"))
	case *meshapi.MeshConfig_ExtensionProvider_Datadog:
		service(j, kind.Datadog, at.Field("datadog"))
	case *meshapi.MeshConfig_ExtensionProvider_Skywalking:
		service(j, kind.Skywalking, at.Field("skywalking"))
	case *meshapi.MeshConfig_ExtensionProvider_EnvoyHttpAls:
		service(j, kind.EnvoyHttpAls, at.Field("envoyHttpAls"))
	case *meshapi.MeshConfig_ExtensionProvider_EnvoyTcpAls:
		service(j, kind.EnvoyTcpAls, at.Field("envoyTcpAls"))
	case *meshapi.MeshConfig_ExtensionProvider_EnvoyOtelAls:
		service(j, kind.EnvoyOtelAls, at.Field("envoyOtelAls"))
	case *meshapi.MeshConfig_ExtensionProvider_Opentelemetry:
		telemetry(j, kind.Opentelemetry, at.Field("opentelemetry"))
	default:
		judgeOld(j, one, at)
	}
}

// judgeOld judges providers that nobody should begin with any more.
//
//nolint:staticcheck // deprecated, but still read
func judgeOld(j *rules.Judge, one *provider, at *rules.Place) {
	if old := one.GetLightstep(); old != nil {
		service(j, old, at.Field("lightstep"))
		if old.GetAccessToken() == "" {
			j.Wrong(at.Field("lightstep"), "Lightstep needs an accessToken")
		}
	}
	if old := one.GetOpencensus(); old != nil {
		service(j, old, at.Field("opencensus"))
	}
}

func telemetry(j *rules.Judge, otel *meshapi.MeshConfig_ExtensionProvider_OpenTelemetryTracingProvider, at *rules.Place) {
	service(j, otel, at)
	if otel.GetHttp() != nil && otel.GetGrpc() != nil {
		j.Wrong(at.Field("http"), "traces are sent either by http or by grpc, not both")
	}
	if otel.GetHttp() != nil {
		path(j, otel.GetHttp().GetPath(), at.Field("http").Field("path"))
	}
}

// service wants a host, or namespace/host, and a port.
func service(j *rules.Judge, of served, at *rules.Place) {
	host, namespace := of.GetService(), ""
	if before, after, slash := strings.Cut(host, "/"); slash {
		namespace, host = before, after
		if !rules.IsLabel(namespace) {
			j.Wrong(at.Field("service"), "%q before the slash is no name of a namespace", namespace)
		}
	}
	if of.GetService() == "" {
		j.Wrong(at, "a provider needs the service to ask")
	} else if fault := rules.DomainFault(host); fault != "" && (namespace != "" || !rules.IsAddress(host)) {
		j.Wrong(at.Field("service"), "host %q %s", host, fault)
	}
	j.Port(of.GetPort(), at.Field("port"))
}

func status(j *rules.Judge, text string, at *rules.Place) {
	if code, err := strconv.Atoi(text); text != "" && (err != nil || http.StatusText(code) == "") {
		j.Wrong(at, "%q is no status of HTTP", text)
	}
}

func path(j *rules.Judge, text string, at *rules.Place) {
	if text == "" {
		return
	}
	if parsed, err := url.Parse(text); err != nil || !strings.HasPrefix(text, "/") || parsed.RawQuery != "" {
		j.Wrong(at, "%q is no path: it begins with / and has no query", text)
	}
}
