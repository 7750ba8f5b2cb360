// Package sidecar has the rules of Sidecars.
package sidecar

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/destinationrule"
)

// Check judges a Sidecar.
func Check(j *rules.Judge, spec *networking.Sidecar) {
	at := rules.At("spec")
	if len(spec.GetEgress()) == 0 && len(spec.GetIngress()) == 0 && spec.GetOutboundTrafficPolicy() == nil && spec.GetInboundConnectionPool() == nil {
		j.Wrong(at, "a Sidecar needs to say something: egress, ingress, outboundTrafficPolicy or inboundConnectionPool")
	}
	if labels := spec.GetWorkloadSelector().GetLabels(); spec.GetWorkloadSelector() != nil {
		j.Selector(labels, at.Field("workloadSelector").Field("labels"))
		if len(labels) == 0 {
			j.EmptySelector(at.Field("workloadSelector").Field("labels"))
		}
	}
	numbers := map[uint32]bool{}
	for i, one := range spec.GetIngress() {
		ingress(j, one, numbers, at.Field("ingress").Item(i))
	}
	egress(j, spec.GetEgress(), at.Field("egress"))
	if spec.GetInboundConnectionPool() != nil {
		destinationrule.ConnectionPool(j, spec.GetInboundConnectionPool(), at.Field("inboundConnectionPool"))
	}
	if spec.GetOutboundTrafficPolicy() != nil {
		outbound(j, spec.GetOutboundTrafficPolicy(), at.Field("outboundTrafficPolicy"))
	}
}

func outbound(j *rules.Judge, policy *networking.OutboundTrafficPolicy, at *rules.Place) {
	proxy := policy.GetEgressProxy()
	if proxy == nil {
		return
	}
	at = at.Field("egressProxy")
	if policy.GetMode() != networking.OutboundTrafficPolicy_ALLOW_ANY {
		j.Wrong(at, "only with mode ALLOW_ANY is there unknown traffic that could go to egressProxy, and this is %s", policy.GetMode())
	}
	if fault := rules.DomainFault(proxy.GetHost()); fault != "" {
		j.Wrong(at.Field("host"), "host %q %s", proxy.GetHost(), fault)
	}
	if proxy.GetPort() == nil {
		j.Wrong(at, "egressProxy needs a port")
	} else {
		j.Port(proxy.GetPort().GetNumber(), at.Field("port").Field("number"))
	}
}
