package inject

import (
	"net/url"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
)

// proxyEnvOf reads the variables that istiod takes from the path under which it
// is called: /inject/cluster/west/net/one names the cluster and the network of
// the pods that come this way.
func proxyEnvOf(client admission.WebhookClientConfig) map[string]string {
	switch {
	case client.Service != nil && client.Service.Path != nil:
		return proxyEnvOfPath(*client.Service.Path)
	case client.URL != nil:
		if address, err := url.Parse(*client.URL); err == nil {
			return proxyEnvOfPath(address.Path)
		}
	}
	return nil
}

func proxyEnvOfPath(path string) map[string]string {
	_, rest, ok := strings.Cut(strings.TrimSuffix(path, "/"), "/inject/")
	if !ok {
		return nil
	}
	env := map[string]string{}
	set := func(key, value string) {
		if key != "" {
			env[pathVariable(key)] = value
		}
	}
	// The way before Istio 1.7.
	if old, is := strings.CutPrefix(rest, ":ENV:"); is {
		for pair := range strings.SplitSeq(old, ":ENV:") {
			if key, value, ok := strings.Cut(pair, "="); ok {
				set(key, value)
			}
		}
		return env
	}
	parts := strings.Split(rest, "/")
	for i := 0; i+1 < len(parts); i += 2 {
		set(parts[i], strings.ReplaceAll(parts[i+1], "--slash--", "/"))
	}
	return env
}

func pathVariable(key string) string {
	switch key {
	case "cluster":
		return clusterEnv
	case "net":
		return networkEnv
	}
	return strings.ToUpper(key)
}
