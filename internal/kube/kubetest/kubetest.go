// Package kubetest gives tests a real cluster: a control plane of e2e/lab, one
// for each test binary, started when the first test needs it, or any cluster
// that MESHCTL_E2E_KUBECONFIG names.
//
// Nothing here imitates an API server. Tests share the cluster, so each works in
// a namespace of its own.
package kubetest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
)

// Cluster connects to the cluster of the tests. Each call has its own discovery
// cache and connections.
func Cluster(t testing.TB) *kube.Cluster {
	t.Helper()
	return Connect(t, kube.Options{})
}

// Connect is Cluster with options, of which the kubeconfig is set here.
func Connect(t testing.TB, options kube.Options) *kube.Cluster {
	t.Helper()
	if options.Kubeconfig == "" {
		options.Kubeconfig = Kubeconfig(t)
	}
	cluster, err := kube.Connect(options)
	if err != nil {
		t.Fatal(err)
	}
	return cluster
}

// Namespace makes a namespace that no other test has, and deletes it after the test.
func Namespace(t testing.TB, cluster *kube.Cluster) string {
	t.Helper()
	name := Name()
	Apply(t, cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: "+name+"}")
	return name
}

// Name is a name that no other test has.
func Name() string { return "test-" + strings.ToLower(rand.Text()[:10]) }

// Objects decodes YAML documents.
func Objects(t testing.TB, manifest string) []object.Object {
	t.Helper()
	objects, err := object.Decode(t.Name(), []byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// Object decodes one YAML document.
func Object(t testing.TB, manifest string) object.Object {
	t.Helper()
	return Objects(t, manifest)[0]
}

// Apply applies YAML documents in their order and deletes the objects after the test.
func Apply(t testing.TB, cluster *kube.Cluster, manifest string) []object.Object {
	t.Helper()
	var applied []object.Object
	for _, desired := range Objects(t, manifest) {
		live, err := cluster.Apply(t.Context(), desired, object.Take)
		if err != nil {
			t.Fatal(err)
		}
		applied = append(applied, live)
		t.Cleanup(func() { _ = cluster.Delete(context.WithoutCancel(t.Context()), live.Ref()) })
	}
	return applied
}
