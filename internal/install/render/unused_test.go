package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

func TestRender_WarnsOfSettingsForNothing(t *testing.T) {
	config := profiles.Config{Files: []profiles.File{{Name: "mesh.yaml", Data: []byte(`
components:
  base:
    k8s: {replicaCount: 2}
  pilot:
    k8s:
      podDisruptionBudget: {minAvailable: 2}
      hpaSpec: {maxReplicas: 7}
      resources: {requests: {cpu: 1}}
  ingressGateways:
  - name: istio-ingressgateway
    k8s:
      hpaSpec: {maxReplicas: 7}
      service: {ports: [{name: https, port: 443, targetPort: 8443}]}
values:
  gateways: {istio-ingressgateway: {autoscaleEnabled: false}}
`)}}}
	mesh, err := profiles.Resolve(config, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := Render(mesh, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"mesh.yaml:4: spec.components.base.k8s.replicaCount has no effect: Base has no Deployment or DaemonSet",
		"mesh.yaml:7: spec.components.pilot.k8s.podDisruptionBudget has no effect: Control plane has no PodDisruptionBudget; there is one for two replicas or more (autoscaleMin, replicaCount)",
		"mesh.yaml:13: spec.components.ingressGateways[0].k8s.hpaSpec has no effect: Ingress gateway istio-ingressgateway has no HorizontalPodAutoscaler; there is one with autoscaleEnabled",
	}
	if diff := cmp.Diff(want, manifest.Warnings()); diff != "" {
		t.Error(diff)
	}
}
