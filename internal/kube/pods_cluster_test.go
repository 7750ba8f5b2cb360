package kube_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/kube"
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
	if serves, err := cluster.Serves(t.Context(), schema.GroupKind{Group: "kwok.x-k8s.io", Kind: "Logs"}); err != nil || !serves {
		t.Skipf("containers have made-up logs only under kwok (%v)", err)
	}
	namespace := kubetest.Namespace(t, cluster)
	pod := kubetest.Apply(t, cluster, `
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: `+namespace+`}
spec: {containers: [{name: fresh, image: i}, {name: crashed, image: i}]}
`)[0]
	if err := cluster.Await(t.Context(), []object.Ref{pod.Ref()}, newLog().report); err != nil {
		t.Fatal(err)
	}
	now, before := logFile(t, "now 1", "now 2", "now 3"), logFile(t, "before 1", "before 2")
	kubetest.Apply(t, cluster, `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Logs
metadata: {name: p, namespace: `+namespace+`}
spec:
  logs:
  - {containers: [fresh], logsFile: `+now+`}
  - {containers: [crashed], logsFile: `+now+`, previousLogsFile: `+before+`}
`)
	for container, want := range map[string][]string{"fresh": {"now 2", "now 3"}, "crashed": {"before 1", "before 2"}} {
		var got []string
		eventually(t, func() bool {
			var err error
			got, err = cluster.LastLines(t.Context(), namespace, "p", container, 2)
			return err == nil
		})
		if !slices.Equal(got, want) {
			t.Errorf("last lines of %s: %q, want %q", container, got, want)
		}
	}
	var missing *kube.NotFoundError
	if _, err := cluster.LastLines(t.Context(), namespace, "absent", "c", 5); !errors.As(err, &missing) {
		t.Errorf("log of a pod that is not there: %v", err)
	}
	_, err := cluster.LastLines(t.Context(), namespace, "p", "absent", 5)
	if err == nil || !strings.Contains(err.Error(), "container absent is not valid for pod p") {
		t.Errorf("log of a container that is not there: %v", err)
	}
}

// logFile writes lines in the format of container runtimes.
func logFile(t *testing.T, lines ...string) string {
	t.Helper()
	var text strings.Builder
	for _, line := range lines {
		text.WriteString("2026-01-02T03:04:05Z stdout F " + line + "\n")
	}
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
