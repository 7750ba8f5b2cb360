package kube_test

import (
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

func TestPodsOf_TakesThoseOfTheNewestReplicaSet(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	first := kubetest.Apply(t, cluster, deployment(namespace, "web"))
	if err := cluster.Await(t.Context(), []object.Ref{first[0].Ref()}, newLog().report); err != nil {
		t.Fatal(err)
	}
	// The new pods cannot be scheduled, so that the old ones stay.
	stuck := strings.Replace(deployment(namespace, "web"), "spec: {containers", "spec: {nodeSelector: {no: where}, containers", 1)
	live := kubetest.Apply(t, cluster, stuck)[0]
	eventually(t, func() bool {
		all, err := cluster.List(t.Context(), object.Ref{Kind: "Pod"}.GroupKind(), object.Query{Namespace: namespace, Labels: "app=web"})
		pods, errPods := cluster.PodsOf(t.Context(), live)
		if err != nil || errPods != nil {
			t.Fatal(err, errPods)
		}
		return len(all) == 3 && len(pods) == 1 && strings.Contains(pods[0].GetName(), "web-")
	})
}

func TestPodsOf_OtherWorkloads(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	var refs []object.Ref
	workloads := kubetest.Apply(t, cluster, strings.ReplaceAll(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s, namespace: NS}
spec:
  serviceName: s
  selector: {matchLabels: {app: s}}
  template: {metadata: {labels: {app: s}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: j, namespace: NS}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
`, "NS", namespace))
	for _, workload := range workloads {
		refs = append(refs, workload.Ref())
	}
	for i, workload := range workloads {
		eventually(t, func() bool {
			pods, err := cluster.PodsOf(t.Context(), workload)
			if err != nil {
				t.Fatalf("%s: %v", refs[i], err)
			}
			return len(pods) == 1
		})
	}
	if _, err := cluster.PodsOf(t.Context(), kubetest.Object(t, configMap("a", namespace, "b"))); err == nil {
		t.Error("a ConfigMap has pods")
	}
}

func TestLogs_ReadsTheLastLines(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	pod := kubetest.Apply(t, cluster, `
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: `+namespace+`}
spec: {containers: [{name: c, image: i}]}
`)[0]
	if err := cluster.Await(t.Context(), []object.Ref{pod.Ref()}, newLog().report); err != nil {
		t.Fatal(err)
	}
	lines, err := cluster.LastLines(t.Context(), namespace, "p", "c", 5)
	t.Logf("%q, %v", lines, err)
	if _, err := cluster.LastLines(t.Context(), namespace, "absent", "c", 5); err == nil {
		t.Error("a pod that is not there has a log")
	}
}
