// Package meshconfig has the rules of MeshConfig and MeshNetworks.
//
// istiod judges a mesh configuration after it has filled in its defaults. Here
// only what the user wrote is known, so a value that is not set is right.
package meshconfig

import (
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/destinationrule"
)

// Check judges a mesh configuration, or a part of one, that stands at a place.
func Check(j *rules.Judge, spec *meshapi.MeshConfig, at *rules.Place) {
	setPort(j, spec.GetProxyListenPort(), at.Field("proxyListenPort"))
	setPort(j, spec.GetProxyInboundListenPort(), at.Field("proxyInboundListenPort"))
	setPort(j, spec.GetProxyHttpPort(), at.Field("proxyHttpPort"))
	timeouts(j, spec, at)
	if spec.GetDefaultConfig() != nil {
		proxy(j, spec.GetDefaultConfig(), at.Field("defaultConfig"))
	}
	if spec.GetLocalityLbSetting() != nil {
		destinationrule.Locality(j, spec.GetLocalityLbSetting(), true, at.Field("localityLbSetting"))
	}
	for i, setting := range spec.GetServiceSettings() {
		for n, host := range setting.GetHosts() {
			if fault := rules.WildcardFault(host); fault != "" {
				j.Wrong(at.Field("serviceSettings").Item(i).Field("hosts").Item(n), "host %q %s", host, fault)
			}
		}
	}
	if spec.GetTrustDomain() != "" {
		trustDomain(j, spec.GetTrustDomain(), at.Field("trustDomain"))
	}
	for i, alias := range spec.GetTrustDomainAliases() {
		trustDomain(j, alias, at.Field("trustDomainAliases").Item(i))
	}
	curves(j, spec, at)
	providers(j, spec.GetExtensionProviders(), at.Field("extensionProviders"))
}

func timeouts(j *rules.Judge, spec *meshapi.MeshConfig, at *rules.Place) {
	if timeout := spec.GetConnectTimeout(); timeout != nil {
		j.Duration(timeout, at.Field("connectTimeout"))
		if timeout.AsDuration() > time.Hour {
			j.Wrong(at.Field("connectTimeout"), "a timeout of connections is 1h at most, and this is %s", timeout.AsDuration())
		}
	}
	if timeout := spec.GetProtocolDetectionTimeout(); timeout.AsDuration() != 0 { // 0 waits for ever
		j.Duration(timeout, at.Field("protocolDetectionTimeout"))
	}
}

// setPort wants a port number, where one is set.
func setPort(j *rules.Judge, port int32, at *rules.Place) {
	if port < 0 || port > 65535 {
		j.Wrong(at, "%d is no port number: 1 to 65535", port)
	}
}

func seconds(j *rules.Judge, duration *durationpb.Duration, at *rules.Place) {
	j.Duration(duration, at)
	if d := duration.AsDuration(); d >= time.Millisecond && d%time.Second != 0 && d%time.Millisecond == 0 {
		j.Wrong(at, "this is counted in whole seconds, and is %s", d)
	}
}

func trustDomain(j *rules.Judge, domain string, at *rules.Place) {
	for label := range strings.SplitSeq(strings.TrimSuffix(domain, "."), ".") {
		if !rules.IsLabel(label) {
			j.Wrong(at, "trust domain %q has the part %q, which is no DNS label", domain, label)
			return
		}
	}
}

// curves judges the elliptic curves of TLS, which are set for gateways and not
// for what proxies do among themselves.
func curves(j *rules.Judge, spec *meshapi.MeshConfig, at *rules.Place) {
	if len(spec.GetMeshMTLS().GetEcdhCurves()) > 0 {
		j.Wrong(at.Field("meshMTLS").Field("ecdhCurves"), "the curves of mutual TLS in the mesh cannot be set: they are set in tlsDefaults for the rest")
	}
	list := spec.GetTlsDefaults().GetEcdhCurves()
	for i, curve := range list {
		at := at.Field("tlsDefaults").Field("ecdhCurves").Item(i)
		switch {
		case slices.Contains(list[:i], curve):
			j.Doubt(at, "%s is there twice", curve)
		case !isCurve(curve):
			j.Doubt(at, "Envoy knows no curve %q and leaves it out: one of P-256, P-384, P-521, X25519, X25519MLKEM768", curve)
		}
	}
}

func isCurve(name string) bool {
	switch name {
	case "P-256", "P-384", "P-521", "X25519", "X25519MLKEM768":
		return true
	}
	return false
}
