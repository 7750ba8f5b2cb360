package inject_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

// gatewayUID is that of every Gateway here: owners need one.
const gatewayUID = "8d5a1f7e-4a8c-4a0b-9e53-0c6c2b1b8f10"

// TestGatewayAPI_APIServersTakeWorkloads has an API server try the workloads of
// Gateways, and their pods: it knows every field, has nothing to warn of, and
// adds what setDefaults adds and nothing else.
func TestGatewayAPI_APIServersTakeWorkloads(t *testing.T) {
	var warnings []string
	cluster := kubetest.Connect(t, kube.Options{OnWarning: func(text string) { warnings = append(warnings, text) }})
	namespace := kubetest.Namespace(t, cluster)
	injector := installed(t, standardMesh())
	for _, name := range goldenGateways() {
		t.Run(name, func(t *testing.T) {
			g := readGateway(t, read(t, "testdata", "gatewayapi", name+".yaml"))
			g.Namespace, g.UID = namespace, gatewayUID
			for _, o := range workloads(t, injector, g) {
				warnings = nil
				want := typed(t, o)
				setDefaults(want)
				if diff := cmp.Diff(tree(t, want), tree(t, stored(t, cluster, o))); diff != "" {
					t.Errorf("%s: the API server makes something else of it (-setDefaults +server):\n%s", o.Ref(), diff)
				}
				if o.GetKind() == "ServiceAccount" {
					kubetest.Apply(t, cluster, "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: "+o.GetName()+", namespace: "+namespace+"}")
				}
				for _, pod := range podsIn(t, o, namespace) {
					if _, err := cluster.DryRun(t.Context(), pod, object.Take); err != nil {
						t.Errorf("a pod of %s: %v", o.Ref(), err)
					}
				}
				for _, warning := range warnings {
					t.Errorf("%s: the API server warns: %s", o.Ref(), warning)
				}
			}
		})
	}
}

// TestGatewayAPI_LikeIstiodWhenStored compares with what istiod made as an API
// server would store ours, with the defaults of the server itself.
func TestGatewayAPI_LikeIstiodWhenStored(t *testing.T) {
	cluster := kubetest.Cluster(t)
	eachMade(t, func(t *testing.T, want, got object.Object) {
		t.Helper()
		owners := got.GetOwnerReferences()
		for i := range owners {
			owners[i].UID = gatewayUID
		}
		got.SetOwnerReferences(owners)
		server := stored(t, cluster, got)
		meta(t, server).OwnerReferences[0].UID = ""
		if diff := cmp.Diff(tree(t, typed(t, want)), tree(t, server)); diff != "" {
			t.Errorf("%s: istiod's is another (-istiod +meshctl):\n%s", want.Ref(), diff)
		}
	})
}

// stored is an object as the API server would store it, without what it assigns
// to one object and not to another.
func stored(t *testing.T, cluster *kube.Cluster, o object.Object) any {
	t.Helper()
	live, err := cluster.DryRun(t.Context(), o, object.Take)
	check(t, err)
	answer := typed(t, live)
	own := meta(t, answer)
	*own = metav1.ObjectMeta{
		Name: own.Name, Namespace: own.Namespace, Labels: own.Labels, Annotations: own.Annotations, OwnerReferences: own.OwnerReferences,
	}
	switch answer := answer.(type) {
	case *appsv1.Deployment:
		answer.Status = appsv1.DeploymentStatus{}
	case *autoscalingv2.HorizontalPodAutoscaler:
		answer.Status = autoscalingv2.HorizontalPodAutoscalerStatus{}
	case *policyv1.PodDisruptionBudget:
		answer.Status = policyv1.PodDisruptionBudgetStatus{}
	case *corev1.Service:
		answer.Status = corev1.ServiceStatus{}
		// What the network of the cluster at hand offers is no fact about the Service.
		answer.Spec.IPFamilies = []corev1.IPFamily{corev1.IPv4Protocol}
		answer.Spec.ClusterIP, answer.Spec.ClusterIPs, answer.Spec.HealthCheckNodePort = "", nil, 0
		for i := range answer.Spec.Ports {
			answer.Spec.Ports[i].NodePort = 0
		}
	}
	return answer
}

func meta(t *testing.T, o any) *metav1.ObjectMeta {
	t.Helper()
	accessor, ok := o.(metav1.ObjectMetaAccessor)
	if !ok {
		t.Fatalf("%T has no metadata", o)
	}
	own, ok := accessor.GetObjectMeta().(*metav1.ObjectMeta)
	if !ok {
		t.Fatalf("%T has metadata of another kind", o)
	}
	return own
}
