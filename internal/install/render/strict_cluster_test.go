package render

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// TestAPIServer tries what is rendered on a real API server.
func TestAPIServer(t *testing.T) {
	var warnings []string
	cluster := kubetest.Connect(t, kube.Options{OnWarning: func(text string) { warnings = append(warnings, text) }})
	need(t, cluster, definitions(t)...)
	for name, config := range strictCases(t) {
		objects := objectsOf(t, config)
		need(t, cluster, slices.DeleteFunc(slices.Clone(objects), func(o object.Object) bool { return o.GetKind() != "Namespace" })...)
		// It knows every field of every object, and has nothing to warn of.
		t.Run("takes "+name, func(t *testing.T) {
			for _, o := range objects {
				warnings = nil
				if _, err := cluster.DryRun(t.Context(), o, object.Take); err != nil {
					t.Error(err)
				}
				for _, warning := range warnings {
					t.Errorf("%s: the API server warns: %s", o.Ref(), warning)
				}
			}
		})
	}
	t.Run("refuses what is not stable", func(t *testing.T) { testStablePolicy(t, cluster) })
}

// strictCases are the built-in profiles, and by a name of their own sets that
// turn on what is off in all of them.
func strictCases(t *testing.T) map[string]profiles.Config {
	t.Helper()
	summaries, err := profiles.List(manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]profiles.Config{
		"conditional objects": {Profile: "ambient", Sets: []string{
			"components.egressGateways[0].enabled=true", "components.ingressGateways[0].enabled=true",
			"components.prometheus.enabled=true", "components.grafana.enabled=true", "components.jaeger.enabled=true",
			"components.kiali.enabled=true", "components.loki.enabled=true",
			"values.global.networkPolicy.enabled=true", "values.pilot.autoscaleMin=2",
			"values.gateways.istio-ingressgateway.autoscaleMin=2", "values.pilot.pdb.unhealthyPodEvictionPolicy=AlwaysAllow",
			"values.cni.resourceQuotas.enabled=true", "values.ztunnel.resourceQuotas.enabled=true",
			"values.pilot.jwksResolverExtraRootCA=pem", "values.experimental.stableValidationPolicy=true",
			"values.gatewayClasses.istio.service.spec.type=ClusterIP", "values.ztunnel.peerCaCrl.enabled=true",
			"values.global.priorityClassName=system-cluster-critical", "values.global.logAsJson=true",
		}},
		"add-ons with Secrets and claims": allAddOns("values.grafana.tls.existingSecret=s", "values.grafana.auth.existingSecret=s",
			"values.grafana.persistence.enabled=true", "values.prometheus.persistence.enabled=true", "values.jaeger.persistence.enabled=true",
			"values.loki.persistence.enabled=true", "values.prometheus.web.existingSecret=s", "values.prometheus.web.https=true",
			"values.prometheus.web.user=u", "values.kiali.auth.signingKeySecret=s", "values.kiali.tls.existingSecret=s",
			"values.kiali.viewOnly=false", "values.jaeger.auth.existingSecret=s", "values.jaeger.tls.existingSecret=s",
			"values.global.networkPolicy.enabled=true"),
		"a revision with tags": {Revision: "blue", Sets: []string{
			"values.revisionTags[0]=prod", "values.revisionTags[1]=default", "values.gateways.istio-ingressgateway.injectionTemplate=gateway",
		}},
		"a remote host":    {Profile: "remote", Sets: []string{"values.global.remotePilotAddress=istiod.example.com"}},
		"a remote address": {Profile: "remote", Sets: []string{"values.global.remotePilotAddress=192.0.2.1", "values.global.configCluster=true"}},
		"a local injector": {Profile: "remote", Sets: []string{
			"values.global.remotePilotAddress=2001:db8::1", "values.istiodRemote.enabledLocalInjectorIstiod=true",
		}},
		"the node network": {Profile: "ambient", Sets: []string{"compatibilityVersion=1.25", "values.cni.repair.deletePods=true"}},
	}
	for _, summary := range summaries {
		cases[summary.Name] = profiles.Config{Profile: summary.Name}
	}
	return cases
}

func objectsOf(t *testing.T, config profiles.Config) []object.Object {
	t.Helper()
	mesh, err := profiles.Resolve(config, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := Render(mesh, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	return manifest.Objects()
}

// definitions are those of our own and those of others that objects need.
func definitions(t *testing.T) []object.Object {
	t.Helper()
	text, err := os.ReadFile("testdata/networkattachmentdefinitions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(kubetest.Objects(t, string(text)), slices.DeleteFunc(objectsOf(t, profiles.Config{Profile: "minimal"}), func(o object.Object) bool {
		return o.GetKind() != "CustomResourceDefinition"
	}))
}

// need makes what is not there yet, for the length of the test.
func need(t *testing.T, cluster *kube.Cluster, objects ...object.Object) {
	t.Helper()
	for _, o := range objects {
		live, there, err := cluster.Get(t.Context(), o.Ref())
		switch {
		case err != nil:
			t.Fatal(err)
		case there && live.GetDeletionTimestamp() == nil:
			continue
		case there:
			if err := cluster.AwaitGone(t.Context(), []object.Ref{o.Ref()}, func(object.Ref) {}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := cluster.Apply(t.Context(), o, object.Respect); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cluster.Delete(context.WithoutCancel(t.Context()), o.Ref()) })
	}
}
