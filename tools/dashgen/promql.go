package main

import (
	"fmt"
	"strings"
)

// Metrics that several dashboards ask for.
const (
	requests     = "istio_requests_total"
	duration     = "istio_request_duration_milliseconds_bucket"
	requestSize  = "istio_request_bytes_bucket"
	responseSize = "istio_response_bytes_bucket"
	tcpSent      = "istio_tcp_sent_bytes_total"
	tcpReceived  = "istio_tcp_received_bytes_total"
	tcpOpened    = "istio_tcp_connections_opened_total"
	tcpClosed    = "istio_tcp_connections_closed_total"
)

// succeeded is what an answer has whose server is not to blame: no 5xx code, and
// no gRPC status that is the server's fault (unknown, deadline exceeded,
// unimplemented, internal, unavailable, data loss).
const succeeded = `response_code!~"5..", grpc_response_status!~"2|4|12|13|14|15"`

const successMeaning = "Share of requests that ended neither in an HTTP 5xx code nor in a gRPC status that is the server's fault: unknown, deadline exceeded, unimplemented, internal, unavailable, data loss."

func rate(metric string, matchers ...string) string {
	return fmt.Sprintf("rate(%s%s[$__rate_interval])", metric, braces(matchers))
}

func braces(matchers []string) string {
	var kept []string
	for _, m := range matchers {
		if m != "" {
			kept = append(kept, m)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "{" + strings.Join(kept, ", ") + "}"
}

// sum adds up by labels, which may be empty.
func sum(by, expr string) string {
	if by == "" {
		return "sum(" + expr + ")"
	}
	return "sum by (" + by + ") (" + expr + ")"
}

func sumRate(by, metric string, matchers ...string) string {
	return sum(by, rate(metric, matchers...))
}

// orZero is a part of a whole that is 0 where there is a whole and no such part.
func orZero(part, whole string) string { return part + " or 0 * " + whole }

// success is the share of requests that succeeded.
func success(by string, matchers ...string) string {
	all := sumRate(by, requests, matchers...)
	good := sumRate(by, requests, append(append([]string{}, matchers...), succeeded)...)
	return "(" + orZero(good, all) + ") / (" + all + " > 0)"
}

// withCode is how many requests a second end in a class of codes.
func withCode(class string, matchers ...string) string {
	some := sumRate("", requests, append(append([]string{}, matchers...), `response_code=~"`+class+`"`)...)
	return orZero(some, sumRate("", requests, matchers...))
}

// quantile leaves out what has no observations, for which it would be NaN.
func quantile(q, by, histogram string, matchers ...string) string {
	labels := "le"
	if by != "" {
		labels += ", " + by
	}
	return "histogram_quantile(" + q + ", " + sumRate(labels, histogram, matchers...) + ") >= 0"
}

// classes are requests by the first digit of the code.
func classes(matchers ...string) []query {
	coded := rate(requests, append(append([]string{}, matchers...), `response_code=~"[1-5].."`)...)
	return []query{
		{"{{class}}xx", `sum by (class) (label_replace(` + coded + `, "class", "$1", "response_code", "(.).."))`},
		{"No response", sumRate("", requests, append(append([]string{}, matchers...), `response_code="0"`)...)},
		{"gRPC failures", sumRate("", requests, append(append([]string{}, matchers...), `grpc_response_status=~"2|4|12|13|14|15"`)...)},
	}
}

const classesMeaning = `Requests per second by class of the HTTP code. "No response" is code 0, where the connection ended first. "gRPC failures" are gRPC statuses that are the server's fault; most of them also count as 2xx.`

// quantiles are the usual three.
func quantiles(histogram string, matchers ...string) []query {
	return []query{
		{"p50", quantile("0.50", "", histogram, matchers...)},
		{"p90", quantile("0.90", "", histogram, matchers...)},
		{"p99", quantile("0.99", "", histogram, matchers...)},
	}
}
