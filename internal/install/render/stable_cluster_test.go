package render

import (
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// testStablePolicy has an API server judge configuration by the policy of the
// stable profile.
func testStablePolicy(t *testing.T, cluster *kube.Cluster) {
	t.Helper()
	revision, namespace := kubetest.Name(), kubetest.Namespace(t, cluster)
	for _, o := range objectsOf(t, profiles.Config{Profile: "stable", Revision: revision}) {
		if strings.HasPrefix(o.GetKind(), "ValidatingAdmissionPolicy") {
			need(t, cluster, o)
		}
	}
	try := func(group, kind, spec string) error {
		_, err := cluster.DryRun(t.Context(), kubetest.Object(t, "apiVersion: "+group+`
kind: `+kind+`
metadata: {name: x, namespace: `+namespace+`, labels: {istio.io/rev: `+revision+`}}
spec: `+spec), object.Take)
		return err
	}
	await(t, func() bool { return try("networking.istio.io/v1alpha3", "EnvoyFilter", "{}") != nil })
	for _, c := range []struct{ group, kind, spec, refusal string }{
		{"networking.istio.io/v1alpha3", "EnvoyFilter", "{}", "EnvoyFilter is not in the stable channel"},
		{"networking.istio.io/v1beta1", "ProxyConfig", "{}", "ProxyConfig is not in the stable channel"},
		{"extensions.istio.io/v1alpha1", "WasmPlugin", "{url: oci://x}", "WasmPlugin is not in the stable channel"},
		{"telemetry.istio.io/v1", "Telemetry", "{tracing: [{useRequestIdForTraceSampling: true}]}", "tracing.useRequestIdForTraceSampling"},
		{"telemetry.istio.io/v1", "Telemetry", "{metrics: [{reportingInterval: 5s}]}", "metrics.reportingInterval"},
		{"telemetry.istio.io/v1", "Telemetry", "{accessLogging: [{filter: {expression: 'true'}}]}", "accessLogging.filter"},
		{"telemetry.istio.io/v1", "Telemetry", "{tracing: [{randomSamplingPercentage: 5}]}", ""},
		{"security.istio.io/v1", "AuthorizationPolicy", "{rules: [{from: [{source: {trustDomains: [a]}}]}]}", "notTrustDomains of AuthorizationPolicy"},
		{"security.istio.io/v1", "AuthorizationPolicy", "{rules: [{from: [{source: {namespaces: [a]}}]}, {to: [{operation: {methods: [GET]}}]}]}", ""},
		{"security.istio.io/v1", "AuthorizationPolicy", "{}", ""},
	} {
		err := try(c.group, c.kind, c.spec)
		switch {
		case c.refusal == "" && err != nil:
			t.Errorf("%s %s is refused: %v", c.kind, c.spec, err)
		case c.refusal != "" && (err == nil || !strings.Contains(err.Error(), c.refusal)):
			t.Errorf("%s %s: got %v, want a refusal of %q", c.kind, c.spec, err, c.refusal)
		}
	}
}

// await gives API servers the time to hear of a policy.
func await(t *testing.T, done func() bool) {
	t.Helper()
	const patience = 30 * time.Second
	for begun := time.Now(); !done(); {
		if time.Since(begun) > patience {
			t.Fatalf("nothing happened in %s", patience)
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
