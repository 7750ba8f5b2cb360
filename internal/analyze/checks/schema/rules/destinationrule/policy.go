package destinationrule

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func policy(j *rules.Judge, policy *networking.TrafficPolicy, at *rules.Place) {
	if policy.GetLoadBalancer() == nil && policy.GetConnectionPool() == nil && policy.GetOutlierDetection() == nil && policy.GetTls() == nil &&
		len(policy.GetPortLevelSettings()) == 0 && policy.GetTunnel() == nil && policy.GetProxyProtocol() == nil && policy.GetRetryBudget() == nil {
		j.Wrong(at, "a trafficPolicy needs to say something: leave it out if nothing is meant")
	}
	if policy.GetTunnel() != nil && policy.GetProxyProtocol() != nil {
		j.Wrong(at.Field("proxyProtocol"), "there is either a tunnel or the PROXY protocol, not both")
	}
	settings(j, policy, at)
	for i, port := range policy.GetPortLevelSettings() {
		at := at.Field("portLevelSettings").Item(i)
		if port.GetPort() == nil {
			j.Wrong(at.Field("port"), "settings of a port need the port: {number: ...}")
		} else {
			j.Port(port.GetPort().GetNumber(), at.Field("port").Field("number"))
		}
		if port.GetLoadBalancer() == nil && port.GetConnectionPool() == nil && port.GetOutlierDetection() == nil && port.GetTls() == nil {
			j.Wrong(at, "settings of a port need to say something: loadBalancer, connectionPool, outlierDetection or tls")
		}
		settings(j, port, at)
	}
	if policy.GetTunnel() != nil {
		tunnel(j, policy.GetTunnel(), at.Field("tunnel"))
	}
}

// settings judges what holds for all ports or for one.
func settings(j *rules.Judge, of interface {
	GetLoadBalancer() *networking.LoadBalancerSettings
	GetConnectionPool() *networking.ConnectionPoolSettings
	GetOutlierDetection() *networking.OutlierDetection
	GetTls() *networking.ClientTLSSettings
}, at *rules.Place,
) {
	if of.GetOutlierDetection() != nil {
		outliers(j, of.GetOutlierDetection(), at.Field("outlierDetection"))
	}
	if of.GetConnectionPool() != nil {
		ConnectionPool(j, of.GetConnectionPool(), at.Field("connectionPool"))
	}
	if of.GetLoadBalancer() != nil {
		loadBalancer(j, of.GetLoadBalancer(), of.GetOutlierDetection() != nil, at.Field("loadBalancer"))
	}
	if of.GetTls() != nil {
		TLS(j, of.GetTls(), at.Field("tls"))
	}
}

func outliers(j *rules.Judge, outliers *networking.OutlierDetection, at *rules.Place) {
	j.Duration(outliers.GetBaseEjectionTime(), at.Field("baseEjectionTime"))
	j.Duration(outliers.GetInterval(), at.Field("interval"))
	if outliers.GetConsecutiveErrors() != 0 { //nolint:staticcheck // deprecated, which is what is said of it
		j.Doubt(at.Field("consecutiveErrors"), "consecutiveErrors is deprecated: write consecutiveGatewayErrors or consecutive5xxErrors")
	}
	if outliers.GetConsecutiveLocalOriginFailures().GetValue() > 0 && !outliers.GetSplitExternalLocalOriginErrors() {
		j.Wrong(at.Field("consecutiveLocalOriginFailures"), "local failures are counted by themselves only with splitExternalLocalOriginErrors: true")
	}
	j.Percent(float64(outliers.GetMaxEjectionPercent()), at.Field("maxEjectionPercent"))
	j.Percent(float64(outliers.GetMinHealthPercent()), at.Field("minHealthPercent"))
}

func tunnel(j *rules.Judge, tunnel *networking.TrafficPolicy_TunnelSettings, at *rules.Place) {
	if protocol := tunnel.GetProtocol(); protocol != "" && protocol != "CONNECT" && protocol != "POST" {
		j.Wrong(at.Field("protocol"), "a tunnel is opened with CONNECT or POST, not %q", protocol)
	}
	if fault := rules.DomainFault(tunnel.GetTargetHost()); fault != "" && !rules.IsAddress(tunnel.GetTargetHost()) {
		j.Wrong(at.Field("targetHost"), "host %q %s", tunnel.GetTargetHost(), fault)
	}
	j.Port(tunnel.GetTargetPort(), at.Field("targetPort"))
}
