package destinationrule

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// ConnectionPool judges limits of connections and requests.
func ConnectionPool(j *rules.Judge, pool *networking.ConnectionPoolSettings, at *rules.Place) {
	if pool.GetHttp() == nil && pool.GetTcp() == nil {
		j.Wrong(at, "a connectionPool needs limits for tcp or http")
	}
	if http := pool.GetHttp(); http != nil {
		at := at.Field("http")
		j.NotNegative(http.GetHttp1MaxPendingRequests(), at.Field("http1MaxPendingRequests"))
		j.NotNegative(http.GetHttp2MaxRequests(), at.Field("http2MaxRequests"))
		j.NotNegative(http.GetMaxRequestsPerConnection(), at.Field("maxRequestsPerConnection"))
		j.NotNegative(http.GetMaxRetries(), at.Field("maxRetries"))
		j.NotNegative(http.GetMaxConcurrentStreams(), at.Field("maxConcurrentStreams"))
		j.Duration(http.GetIdleTimeout(), at.Field("idleTimeout"))
		j.Duration(http.GetHttp2KeepAlive().GetInterval(), at.Field("http2KeepAlive").Field("interval"))
		j.Duration(http.GetHttp2KeepAlive().GetTimeout(), at.Field("http2KeepAlive").Field("timeout"))
		if http.GetUseClientProtocol() && http.GetH2UpgradePolicy() == networking.ConnectionPoolSettings_HTTPSettings_UPGRADE {
			j.Wrong(at.Field("useClientProtocol"), "the protocol is either that of the client or upgraded to HTTP/2: h2UpgradePolicy says UPGRADE")
		}
	}
	if tcp := pool.GetTcp(); tcp != nil {
		at := at.Field("tcp")
		j.NotNegative(tcp.GetMaxConnections(), at.Field("maxConnections"))
		j.Duration(tcp.GetConnectTimeout(), at.Field("connectTimeout"))
		j.Duration(tcp.GetMaxConnectionDuration(), at.Field("maxConnectionDuration"))
		if idle := tcp.GetIdleTimeout(); idle.AsDuration() != 0 {
			j.Duration(idle, at.Field("idleTimeout"))
		}
		j.Duration(tcp.GetTcpKeepalive().GetTime(), at.Field("tcpKeepalive").Field("time"))
		j.Duration(tcp.GetTcpKeepalive().GetInterval(), at.Field("tcpKeepalive").Field("interval"))
	}
}
