package serviceentry

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// CheckWorkload judges a WorkloadEntry.
func CheckWorkload(j *rules.Judge, spec *networking.WorkloadEntry) {
	at, address := rules.At("spec"), spec.GetAddress()
	path, unix := strings.CutPrefix(address, "unix://")
	switch {
	case address == "" && spec.GetNetwork() == "":
		j.Wrong(at.Field("address"), "a WorkloadEntry needs an address")
	case address == "":
		j.Doubt(at.Field("address"), "without an address the workload can be reached through the gateway of network %s only", spec.GetNetwork())
	case unix:
		socket(j, path, spec, at)
	case !rules.IsAddress(address):
		if fault := rules.DomainFault(address); fault != "" {
			j.Wrong(at.Field("address"), "address %q %s", address, fault)
		}
	}
	namedPorts(j, spec.GetPorts(), at.Field("ports"))
	j.Labels(spec.GetLabels(), at.Field("labels"))
}

func namedPorts(j *rules.Judge, ports map[string]uint32, at *rules.Place) {
	for _, name := range rules.SortedKeys(ports) {
		if !rules.IsLabel(name) {
			j.Wrong(at.Field(name), "%q is no name of a port: letters, digits and dashes", name)
		}
		j.Port(ports[name], at.Field(name))
	}
}

// CheckGroup judges a WorkloadGroup. Its template becomes WorkloadEntries, which
// have addresses of their own.
func CheckGroup(j *rules.Judge, spec *networking.WorkloadGroup) {
	at := rules.At("spec")
	if spec.GetTemplate() == nil {
		j.Wrong(at.Field("template"), "a WorkloadGroup needs a template: what its workloads have in common")
	}
	namedPorts(j, spec.GetTemplate().GetPorts(), at.Field("template").Field("ports"))
	j.Labels(spec.GetTemplate().GetLabels(), at.Field("template").Field("labels"))
	j.Labels(spec.GetMetadata().GetLabels(), at.Field("metadata").Field("labels"))
	if spec.GetProbe() != nil {
		probe(j, spec.GetProbe(), at.Field("probe"))
	}
}

func probe(j *rules.Judge, probe *networking.ReadinessProbe, at *rules.Place) {
	j.NotNegative(probe.GetInitialDelaySeconds(), at.Field("initialDelaySeconds"))
	j.NotNegative(probe.GetTimeoutSeconds(), at.Field("timeoutSeconds"))
	j.NotNegative(probe.GetPeriodSeconds(), at.Field("periodSeconds"))
	j.NotNegative(probe.GetSuccessThreshold(), at.Field("successThreshold"))
	j.NotNegative(probe.GetFailureThreshold(), at.Field("failureThreshold"))
	switch method := probe.GetHealthCheckMethod().(type) {
	case nil:
		j.Wrong(at, "a probe needs a way to ask: httpGet, tcpSocket, exec or grpc")
	case *networking.ReadinessProbe_HttpGet:
		httpGet(j, method.HttpGet, at.Field("httpGet"))
	case *networking.ReadinessProbe_TcpSocket:
		j.Port(method.TcpSocket.GetPort(), at.Field("tcpSocket").Field("port"))
	case *networking.ReadinessProbe_Exec:
		if len(method.Exec.GetCommand()) == 0 {
			j.Wrong(at.Field("exec").Field("command"), "a probe that runs something needs a command")
		}
	case *networking.ReadinessProbe_Grpc:
		j.Port(method.Grpc.GetPort(), at.Field("grpc").Field("port"))
	}
}

func httpGet(j *rules.Judge, get *networking.HTTPHealthCheckConfig, at *rules.Place) {
	j.Port(get.GetPort(), at.Field("port"))
	if scheme := get.GetScheme(); scheme != "" && scheme != "HTTP" && scheme != "HTTPS" {
		j.Wrong(at.Field("scheme"), "%q is neither HTTP nor HTTPS, in capitals", scheme)
	}
	for i, header := range get.GetHttpHeaders() {
		if !isProbeHeader(header.GetName()) {
			j.Wrong(at.Field("httpHeaders").Item(i), "%q is no name of a header: letters, digits and dashes", header.GetName())
		}
	}
}

// isProbeHeader knows what Kubernetes allows: fewer letters than HTTP.
func isProbeHeader(name string) bool {
	return name != "" && strings.Trim(name, "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == ""
}
