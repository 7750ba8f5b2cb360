package inject

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	admission "k8s.io/api/admissionregistration/v1"
)

func TestProxyEnvOf(t *testing.T) {
	path := func(path string) admission.WebhookClientConfig {
		return admission.WebhookClientConfig{Service: &admission.ServiceReference{Path: &path}}
	}
	address := "https://mesh.example.com:15017/inject/cluster/west/net/one"
	for _, test := range []struct {
		name   string
		client admission.WebhookClientConfig
		want   map[string]string
	}{
		{"nothing", admission.WebhookClientConfig{}, nil},
		{"the plain path", path("/inject"), nil},
		{"a slash at the end", path("/inject/"), nil},
		{"cluster and network", path("/inject/cluster/west/net/one"), map[string]string{"ISTIO_META_CLUSTER_ID": "west", "ISTIO_META_NETWORK": "one"}},
		{"another variable", path("/inject/istio_meta_shard/a--slash--b"), map[string]string{"ISTIO_META_SHARD": "a/b"}},
		{"a key without a value", path("/inject/cluster/west/net"), map[string]string{"ISTIO_META_CLUSTER_ID": "west"}},
		{"the old way", path("/inject/:ENV:A=1:ENV:B=2=3"), map[string]string{"A": "1", "B": "2=3"}},
		{"the old way, with short names", path("/inject/:ENV:cluster=west:ENV:rootpage=/foo/bar:ENV:=/zoo:ENV:empty=:ENV:none"), map[string]string{"ISTIO_META_CLUSTER_ID": "west", "ROOTPAGE": "/foo/bar", "EMPTY": ""}},
		{"a value and a slash at the end", path("/inject/cluster/west/"), map[string]string{"ISTIO_META_CLUSTER_ID": "west"}},
		{"no key", path("/inject//west/net/one"), map[string]string{"ISTIO_META_NETWORK": "one"}},
		{"a URL", admission.WebhookClientConfig{URL: &address}, map[string]string{"ISTIO_META_CLUSTER_ID": "west", "ISTIO_META_NETWORK": "one"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, proxyEnvOf(test.client)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
