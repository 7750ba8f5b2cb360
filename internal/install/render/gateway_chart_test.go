package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// gatewayObjects installs the gateway chart as helm would: its values are
// checked against its schema.
func gatewayObjects(release, namespace, values string) ([]object.Object, error) {
	gateway, err := newCharts(manifests.FS(), profiles.VersionRange{}).load("gateway")
	if err != nil {
		return nil, err
	}
	var given map[string]any
	if err := yaml.Unmarshal([]byte(values), &given); err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{Name: release, Namespace: namespace, IsInstall: true, Revision: 1}
	context, err := chartutil.ToRenderValues(gateway, given, options, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Render(gateway, context)
	if err != nil {
		return nil, err
	}
	var objects []object.Object
	for file, text := range rendered {
		if strings.HasSuffix(file, ".tpl") {
			continue
		}
		decoded, err := object.Decode(file, []byte(text))
		if err != nil {
			return nil, err
		}
		objects = append(objects, decoded...)
	}
	return objects, nil
}

func TestGatewayChart(t *testing.T) {
	const serviceAccount, role, binding = "ServiceAccount", "Role", "RoleBinding"
	const deployment, service, scaler = "Deployment", "Service", "HorizontalPodAutoscaler"
	usual := []string{serviceAccount, role, binding, deployment, service, scaler}
	for _, c := range []struct {
		name, values string
		kinds        []string
		of, path     string // a field to look at
		want         any
	}{
		{"finds its pods by its name", "{}", usual, service, "spec.selector", map[string]any{"app": "istio-edge", "istio": "edge"}},
		{"finds its pods by labels", "labels: {app: a, istio: b}", usual, deployment, "spec.selector.matchLabels", map[string]any{"app": "a", "istio": "b"}},
		{"asks its revision for injection", "revision: blue", usual, deployment, "spec.template.metadata.labels.istio\\.io/rev", "blue"},
		{"has a name of its own", "name: east", usual, deployment, "spec.template.spec.serviceAccountName", "east"},
		{"has a fixed size", "{autoscaling: {enabled: false}, replicaCount: 3}", []string{serviceAccount, role, binding, deployment, service}, deployment, "spec.replicas", int64(3)},
		{"keeps one of two", "{autoscaling: {minReplicas: 2}, podDisruptionBudget: {minAvailable: 1}}", append(usual, "PodDisruptionBudget"), "PodDisruptionBudget", "spec.minAvailable", int64(1)},
		{"keeps nothing of one", "podDisruptionBudget: {minAvailable: 1}", usual, scaler, "spec.minReplicas", int64(1)},
		{"runs on every node", "{kind: DaemonSet, strategy: {type: OnDelete}}", []string{serviceAccount, role, binding, "DaemonSet", service}, "DaemonSet", "spec.updateStrategy.type", "OnDelete"},
		{"leaves the Service to others", "service: {type: None}", []string{serviceAccount, role, binding, deployment, scaler}, "", "", nil},
		{"uses an account that is there", "{serviceAccount: {create: false, name: known}, rbac: {enabled: false}}", []string{deployment, service, scaler}, deployment, "spec.template.spec.serviceAccountName", "known"},
		{"joins networks", "networkGateway: n1", usual, service, "spec.ports.1.port", int64(15443)},
		{"says which network it is the way into", "networkGateway: n1", usual, deployment, "spec.template.spec.containers.0.env.0.value", "n1"},
		{"lets in its traffic alone", "networkPolicy: {enabled: true}", append(usual, "NetworkPolicy"), "NetworkPolicy", "spec.ingress.1.ports.2.port", int64(443)},
		{"leaves the user to OpenShift", "platform: openshift", usual, deployment, "spec.template.spec.containers.0.securityContext.runAsUser", nil},
		{"pulls with secrets, however they are written", "imagePullSecrets: [a, {name: b}]", usual, serviceAccount, "imagePullSecrets.1.name", "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects, err := gatewayObjects("istio-edge", "edge", c.values)
			if err != nil {
				t.Fatal(err)
			}
			kinds := map[string]bool{}
			for _, o := range objects {
				kinds[o.GetKind()] = true
				if o.GetKind() == c.of {
					if diff := cmp.Diff(c.want, fieldAt(o.Object, c.path)); diff != "" {
						t.Errorf("%s of the %s (-want +got):\n%s", c.path, c.of, diff)
					}
				}
			}
			want := map[string]bool{}
			for _, kind := range c.kinds {
				want[kind] = true
			}
			if diff := cmp.Diff(want, kinds); diff != "" {
				t.Errorf("kinds (-want +got):\n%s", diff)
			}
		})
	}
}

// fieldAt follows a path of keys and indexes; nil is what is not there.
func fieldAt(tree any, path string) any {
	for _, step := range splitEscaped(path, '.') {
		step = unescape(step)
		switch node := tree.(type) {
		case map[string]any:
			tree = node[step]
		case []any:
			index := int(step[0] - '0')
			if index >= len(node) {
				return nil
			}
			tree = node[index]
		default:
			return nil
		}
	}
	return tree
}

func TestGatewayChart_RefusesWhatItDoesNotKnow(t *testing.T) {
	for values, want := range map[string]string{
		"replicas: 3":               "replicas",
		"service: {kind: NodePort}": "kind",
		"kind: StatefulSet":         "kind",
		"podDisruptionBudget: {minAvailable: 1, maxUnavailable: 1}": "exclude each other",
		"serviceAccount: {create: false}":                           "set serviceAccount.name",
	} {
		if _, err := gatewayObjects("edge", "edge", values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error about %q", values, err, want)
		}
	}
}

func TestGatewayChart_APIServersTakeEveryObject(t *testing.T) {
	var warnings []string
	cluster := kubetest.Connect(t, kube.Options{OnWarning: func(text string) { warnings = append(warnings, text) }})
	namespace := kubetest.Namespace(t, cluster)
	for _, values := range []string{
		"{}",
		"{kind: DaemonSet, networkGateway: n1, networkPolicy: {enabled: true}}",
		"{autoscaling: {minReplicas: 2}, podDisruptionBudget: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}, service: {type: NodePort, internalTrafficPolicy: Local}}",
	} {
		objects, err := gatewayObjects("edge", namespace, values)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			if _, err := cluster.DryRun(t.Context(), o, object.Take); err != nil {
				t.Errorf("%s: %v", values, err)
			}
		}
		for _, warning := range warnings {
			t.Errorf("%s: the API server warns: %s", values, warning)
		}
	}
}
