package inject

import (
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"google.golang.org/protobuf/types/known/durationpb"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// AnnotationError is an annotation whose value cannot be used.
type AnnotationError struct {
	Annotation, Value string
	// Rule says what the value has to be.
	Rule string
}

func (e *AnnotationError) Error() string {
	return fmt.Sprintf("annotation %s is %q; it has to be %s", e.Annotation, e.Value, e.Rule)
}

// AnnotationsError is everything that is wrong with the annotations of a pod.
type AnnotationsError struct{ Problems []*AnnotationError }

func (e *AnnotationsError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "; ")
}

// annotationRule is a check of one annotation.
type annotationRule struct {
	name  string
	valid func(string) bool
	rule  string
}

// annotationRules are the checks that the webhook makes. A value that it would
// refuse must not get through by hand.
func annotationRules() []annotationRule {
	const (
		traffic = "traffic.sidecar.istio.io/"
		ready   = "readiness.status.sidecar.istio.io/"

		ranges     = "a list of IP ranges in CIDR notation, divided by commas"
		ports      = "a list of ports, divided by commas"
		interfaces = "a list of network interfaces of at most 15 characters, divided by commas"
		orAll      = ", or *"
		quantity   = "a quantity such as 100m or 128Mi"
		number     = "a whole number from 0 to 4294967295"

		proxyConfig = "the YAML of a ProxyConfig, in which ports are from 0 to 65535, concurrency and durations are not negative, " +
			"and discoveryAddress is HOST:PORT"
	)
	return []annotationRule{
		{modeAnnotation, oneOf("REDIRECT", "TPROXY", "NONE"), "REDIRECT, TPROXY or NONE"},
		{statusPortAnnotation, unsigned(16), "a port from 0 to 65535"},
		{ready + "initialDelaySeconds", unsigned(32), number},
		{ready + "periodSeconds", unsigned(32), number},
		{ready + "failureThreshold", unsigned(32), number},
		{traffic + "includeOutboundIPRanges", orStar(listOf(isRange)), ranges + orAll},
		{traffic + "excludeOutboundIPRanges", listOf(isRange), ranges},
		{traffic + "includeInboundPorts", orStar(listOf(isPort)), ports + orAll},
		{traffic + "excludeInboundPorts", listOf(isPort), ports},
		{traffic + "excludeOutboundPorts", listOf(isPort), ports},
		{traffic + "excludeInterfaces", listOf(isInterface), interfaces},
		{traffic + "kubevirtInterfaces", listOf(isInterface), interfaces},
		{"istio.io/reroute-virtual-interfaces", listOf(isInterface), interfaces},
		{mergeMetricsAnnotation, isBool, "true or false"},
		{configAnnotation, isProxyConfig, proxyConfig},
		{"sidecar.istio.io/proxyCPU", isQuantity, quantity},
		{"sidecar.istio.io/proxyMemory", isQuantity, quantity},
		{"sidecar.istio.io/proxyCPULimit", isQuantity, quantity},
		{"sidecar.istio.io/proxyMemoryLimit", isQuantity, quantity},
		{"sidecar.istio.io/userVolume", isObjects, `JSON such as {"data":{"emptyDir":{}}}`},
		{"sidecar.istio.io/userVolumeMount", isObjects, `JSON such as {"data":{"mountPath":"/data"}}`},
	}
}

// doubtfulRules are checks that the webhook does not make: it takes any value, and
// passes it over or makes a pod of it that does not start.
func doubtfulRules() []annotationRule {
	const onOff = "true or false"
	isOnOff := oneOf("true", "false")
	return []annotationRule{
		{"traffic.sidecar.istio.io/includeOutboundPorts", orStar(listOf(isPort)), "a list of ports, divided by commas, or *"},
		{"sidecar.istio.io/capNetBindService", isOnOff, onOff},
		{nativeAnnotation, isOnOff, onOff},
		{rewriteAnnotation, isBool, onOff},
		{"sidecar.istio.io/proxyImage", hasSlash, "an image with a slash in its name"},
		{"sidecar.istio.io/logLevel", oneOf("trace", "debug", "info", "warning", "error", "critical", "off"), "trace, debug, info, warning, error, critical or off"},
	}
}

// doubts are warnings about annotations that will not do what they seem to ask for.
func doubts(annotations map[string]string) []string {
	if len(annotations) == 0 {
		return nil
	}
	var warnings []string
	for _, rule := range doubtfulRules() {
		if value, ok := annotations[rule.name]; ok && !rule.valid(value) {
			problem := AnnotationError{Annotation: rule.name, Value: value, Rule: rule.rule}
			warnings = append(warnings, problem.Error()+", though no webhook refuses it")
		}
	}
	return warnings
}

func checkAnnotations(annotations map[string]string) error {
	if len(annotations) == 0 {
		return nil
	}
	var problems []*AnnotationError
	for _, rule := range annotationRules() {
		if value, ok := annotations[rule.name]; ok && !rule.valid(value) {
			problems = append(problems, &AnnotationError{Annotation: rule.name, Value: value, Rule: rule.rule})
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return &AnnotationsError{Problems: problems}
}

func oneOf(allowed ...string) func(string) bool {
	return func(value string) bool { return slices.Contains(allowed, value) }
}

func unsigned(bits int) func(string) bool {
	return func(value string) bool {
		_, err := strconv.ParseUint(value, 10, bits)
		return err == nil
	}
}

func orStar(valid func(string) bool) func(string) bool {
	return func(value string) bool { return value == "*" || valid(value) }
}

// listOf accepts an empty list: it says "none", which is not the same as saying nothing.
func listOf(valid func(string) bool) func(string) bool {
	return func(value string) bool {
		if value == "" {
			return true
		}
		for item := range strings.SplitSeq(value, ",") {
			if !valid(strings.TrimSpace(item)) {
				return false
			}
		}
		return true
	}
}

func isRange(value string) bool {
	_, err := netip.ParsePrefix(value)
	return err == nil
}

func isPort(value string) bool { return unsigned(16)(value) }

func isInterface(value string) bool {
	const longest = 15
	return value != "" && len(value) <= longest && !strings.ContainsFunc(value, unicode.IsSpace)
}

func isBool(value string) bool {
	_, err := strconv.ParseBool(value)
	return err == nil
}

// isProxyConfig wants YAML of the right types, and values that a proxy can start with.
func isProxyConfig(value string) bool {
	config := &meshconfig.ProxyConfig{}
	if readProto([]byte(value), config) != nil {
		return false
	}
	for _, port := range []int32{config.GetStatusPort(), config.GetProxyAdminPort()} {
		if port < 0 || port > math.MaxUint16 {
			return false
		}
	}
	for _, duration := range []*durationpb.Duration{config.GetDrainDuration(), config.GetTerminationDrainDuration()} {
		if duration != nil && (duration.CheckValid() != nil || duration.AsDuration() < 0) {
			return false
		}
	}
	if address := config.GetDiscoveryAddress(); address != "" {
		if _, port, err := net.SplitHostPort(address); err != nil || !isPort(port) {
			return false
		}
	}
	return config.GetConcurrency().GetValue() >= 0
}

func isQuantity(value string) bool {
	if strings.ContainsFunc(value, unicode.IsControl) {
		return false
	}
	_, err := resource.ParseQuantity(value)
	return err == nil
}

// isObjects wants what templates can go through: objects by name, or a list of
// objects that have their names in them.
func isObjects(value string) bool {
	var byName map[string]map[string]any
	var list []map[string]any
	return json.Unmarshal([]byte(value), &byName) == nil || json.Unmarshal([]byte(value), &list) == nil
}

func hasSlash(value string) bool { return strings.Contains(value, "/") }
