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
		{options.rate("istio_request_duration_milliseconds_bucket", append(append([]string{}, ends...), boundLabel)), (*report).latency},
		{options.rate("istio_tcp_sent_bytes_total", secured), func(r *report, s Sample) { r.secure(s); r.Sent += s.Value }},
		{options.rate("istio_tcp_received_bytes_total", secured), func(r *report, s Sample) { r.secure(s); r.Received += s.Value }},
		{options.rate("istio_tcp_connections_opened_total", secured), func(r *report, s Sample) { r.secure(s); r.Opened += s.Value }},
	}
}

// rate is the query for how fast a counter grows, by labels.
func (o Options) rate(metric string, by []string) string {
	window := strconv.FormatInt(int64(max(o.Window, time.Second)/time.Second), 10) + "s"
	all := fmt.Sprintf("rate(%s[%s])", metric, window)
	if o.Namespace != "" {
		// A selector knows no "or"; the same series on both sides counts once.
		all = fmt.Sprintf("rate(%[1]s{%[3]s=%[5]q}[%[2]s]) or rate(%[1]s{%[4]s=%[5]q}[%[2]s])",
			metric, window, destinationSpace, sourceNamespace, o.Namespace)
	}
	return fmt.Sprintf("sum by (%s) (%s) > 0", strings.Join(by, ", "), all)
}
