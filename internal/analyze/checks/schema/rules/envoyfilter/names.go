package envoyfilter

// renamedTo is the name that a filter has today, if it was given another one.
func renamedTo(name string) string {
	switch name {
	case "envoy.buffer", "envoy.cors", "envoy.csrf", "envoy.ext_authz", "envoy.fault", "envoy.grpc_http1_bridge",
		"envoy.grpc_json_transcoder", "envoy.grpc_web", "envoy.gzip", "envoy.health_check", "envoy.ip_tagging",
		"envoy.lua", "envoy.router", "envoy.squash":
		return "envoy.filters.http." + name[len("envoy."):]
	case "envoy.http_dynamo_filter":
		return "envoy.filters.http.dynamo"
	case "envoy.rate_limit":
		return "envoy.filters.http.ratelimit"
	case "envoy.client_ssl_auth", "envoy.echo", "envoy.http_connection_manager", "envoy.mongo_proxy", "envoy.ratelimit",
		"envoy.redis_proxy", "envoy.tcp_proxy":
		return "envoy.filters.network." + name[len("envoy."):]
	case "envoy.listener.http_inspector", "envoy.listener.original_dst", "envoy.listener.original_src",
		"envoy.listener.proxy_protocol", "envoy.listener.tls_inspector":
		return "envoy.filters." + name[len("envoy."):]
	}
	return ""
}
