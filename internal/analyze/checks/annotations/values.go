package annotations

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"istio.io/api/annotation"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/meshctl/meshctl/internal/analyze"
)

// reject says why the value of an annotation cannot be read, or nothing if it can.
func reject(key, value string) string {
	switch key {
	case annotation.PrometheusMergeMetrics.Name:
		if _, err := strconv.ParseBool(value); err != nil {
			return strconv.Quote(value) + " is neither true nor false"
		}
	case annotation.ProxyConfig.Name:
		if _, err := analyze.ReadProxyConfig(value); err != nil {
			return strings.ReplaceAll(err.Error(), "\n", "; ")
		}
	case annotation.SidecarInterceptionMode.Name:
		if !slices.Contains([]string{"REDIRECT", "TPROXY", "NONE"}, value) {
			return strconv.Quote(value) + " is none of REDIRECT, TPROXY and NONE"
		}
	case annotation.SidecarStatusReadinessInitialDelaySeconds.Name, annotation.SidecarStatusReadinessPeriodSeconds.Name, annotation.SidecarStatusReadinessFailureThreshold.Name:
		if _, err := strconv.ParseUint(value, 10, 32); err != nil {
			return strconv.Quote(value) + " is no number"
		}
	case annotation.SidecarStatusPort.Name:
		return ports(value)
	case annotation.SidecarProxyCPU.Name, annotation.SidecarProxyCPULimit.Name, annotation.SidecarProxyMemory.Name, annotation.SidecarProxyMemoryLimit.Name:
		if _, err := resource.ParseQuantity(value); err != nil {
			return strconv.Quote(value) + " is no quantity, such as 100m or 256Mi"
		}
	case annotation.SidecarTrafficExcludeInboundPorts.Name, annotation.SidecarTrafficExcludeOutboundPorts.Name:
		return each(value, ports)
	case annotation.SidecarTrafficIncludeInboundPorts.Name:
		return eachOrAll(value, ports)
	case annotation.SidecarTrafficExcludeOutboundIPRanges.Name:
		return each(value, ranges)
	case annotation.SidecarTrafficIncludeOutboundIPRanges.Name:
		return eachOrAll(value, ranges)
	}
	return ""
}

func eachOrAll(value string, reject func(string) string) string {
	if value == "*" {
		return ""
	}
	return each(value, reject)
}

// each asks about the items of a list with commas.
func each(value string, reject func(string) string) string {
	for item := range strings.SplitSeq(value, ",") {
		item = strings.TrimSpace(item)
		if reason := reject(item); item != "" && reason != "" {
			return reason
		}
	}
	return ""
}

func ports(value string) string {
	if _, err := strconv.ParseUint(value, 10, 16); err != nil {
		return strconv.Quote(value) + " is no port"
	}
	return ""
}

func ranges(value string) string {
	if _, err := netip.ParsePrefix(value); err != nil {
		return strconv.Quote(value) + " is no range of addresses, such as 10.0.0.0/8"
	}
	return ""
}
