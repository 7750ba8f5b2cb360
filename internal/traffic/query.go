package traffic

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Labels of the standard metrics.
const (
	reporterLabel       = "reporter"
	sourceLabel         = "source_workload"
	sourceNamespace     = "source_workload_namespace"
	sourcePrincipal     = "source_principal"
	destinationLabel    = "destination_workload"
	destinationSpace    = "destination_workload_namespace"
	destinationIdentity = "destination_principal"
	serviceLabel        = "destination_service"
	serviceSpace        = "destination_service_namespace"
	protocolLabel       = "request_protocol"
	securityLabel       = "connection_security_policy"
	codeLabel           = "response_code"
	grpcLabel           = "grpc_response_status"
	boundLabel          = "le"
)

// unknown is what labels say of what the mesh does not know.
const unknown = "unknown"

// query asks for one metric and knows what its samples count.
type query struct {
	text  string
	count func(*report, Sample)
}

func queriesFor(options Options) []query {
	ends := []string{reporterLabel, sourceLabel, sourceNamespace, destinationLabel, destinationSpace, serviceLabel, protocolLabel}
	secured := append(append([]string{}, ends...), sourcePrincipal, destinationIdentity, securityLabel)
	answers := append(append([]string{}, secured...), codeLabel, grpcLabel)
	return []query{
		{options.rate("istio_requests_total", answers), (*report).request},
		// With empty buckets: the first that is not says little without where the one before it ends.
		{options.rateOrNone("istio_request_duration_milliseconds_bucket", append(append([]string{}, ends...), boundLabel)), (*report).latency},
		{options.rate("istio_tcp_sent_bytes_total", secured), func(r *report, s Sample) { r.secure(s); r.Sent += s.Value }},
		{options.rate("istio_tcp_received_bytes_total", secured), func(r *report, s Sample) { r.secure(s); r.Received += s.Value }},
		{options.rate("istio_tcp_connections_opened_total", secured), func(r *report, s Sample) { r.secure(s); r.Opened += s.Value }},
	}
}

// rate is the query for how fast a counter grows, by labels, where it does.
func (o Options) rate(metric string, by []string) string { return o.rateOrNone(metric, by) + " > 0" }

func (o Options) rateOrNone(metric string, by []string) string {
	return fmt.Sprintf("sum by (%s) (%s)", strings.Join(by, ", "), o.growth(metric))
}

// growth is the query for how fast each counter of a metric grows.
func (o Options) growth(metric string) string {
	window := windowText(o.Window)
	if o.Namespace == "" {
		return fmt.Sprintf("rate(%s[%s])", metric, window)
	}
	// A selector knows no "or"; the same series more than once counts once. Requests
	// that reach no workload are in the namespace of the service.
	var parts []string
	for _, label := range []string{destinationSpace, serviceSpace, sourceNamespace} {
		parts = append(parts, fmt.Sprintf("rate(%s{%s=%q}[%s])", metric, label, o.Namespace, window))
	}
	return strings.Join(parts, " or ")
}

// windowText is a duration in whole seconds, as PromQL has it.
func windowText(window time.Duration) string {
	return strconv.FormatInt(int64(max(window, time.Second)/time.Second), 10) + "s"
}

// Period is a window as users type it: a duration without the zeros that Go puts behind it.
func Period(window time.Duration) string {
	text := window.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if whole, ok := strings.CutSuffix(text, zero); ok {
			text = whole + zero[:1]
		}
	}
	return text
}
