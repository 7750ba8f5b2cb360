package kube_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

func configMap(name, namespace, value string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + namespace + "}\ndata: {key: " + value + "}"
}

func TestApply_CreatesAndChanges(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	for _, value := range []string{"one", "two"} {
		live := kubetest.Apply(t, cluster, configMap("settings", namespace, value))[0]
		read, found, err := cluster.Get(t.Context(), live.Ref())
		if err != nil || !found {
			t.Fatalf("Get: found %t, %v", found, err)
		}
		if got, want := read.Object["data"].(map[string]any)["key"], value; got != want {
			t.Errorf("key = %v, want %v", got, want)
		}
		if manager := read.GetManagedFields()[0].Manager; manager != kube.Manager {
			t.Errorf("manager = %s", manager)
		}
	}
}

func TestApply_PutsObjectsIntoTheNamespaceOfTheOptions(t *testing.T) {
	admin := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, admin)
	cluster := kubetest.Connect(t, kube.Options{Namespace: namespace})
	live, err := cluster.Apply(t.Context(), kubetest.Object(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}"), object.Respect)
	if err != nil || live.GetNamespace() != namespace || cluster.Namespace() != namespace {
		t.Errorf("namespace = %q and %q, want %q (%v)", live.GetNamespace(), cluster.Namespace(), namespace, err)
	}
	// A namespace on what has none does no harm.
	_, found, err := cluster.Get(t.Context(), object.Ref{Kind: "Namespace", Namespace: "elsewhere", Name: namespace})
	if err != nil || !found {
		t.Errorf("Get Namespace: found %t, %v", found, err)
	}
}

func TestDryRun_StoresNothing(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	desired := kubetest.Object(t, configMap("settings", namespace, "one"))
	after, err := cluster.DryRun(t.Context(), desired, object.Respect)
	if err != nil || after.GetUID() == "" {
		t.Fatalf("DryRun: uid %q, %v", after.GetUID(), err)
	}
	if _, found, err := cluster.Get(t.Context(), desired.Ref()); err != nil || found {
		t.Errorf("Get: found %t, %v", found, err)
	}
}

func TestApply_RefusesFieldsOfOthersUnlessTaken(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	applyAs(t, "someone-else", configMap("settings", namespace, "theirs"))

	desired := kubetest.Object(t, configMap("settings", namespace, "ours"))
	_, err := cluster.Apply(t.Context(), desired, object.Respect)
	var conflict *object.ConflictError
	if !errors.As(err, &conflict) {
		t.Fatalf("Apply: %v, want a ConflictError", err)
	}
	if want := (object.Conflict{Manager: "someone-else", Field: ".data.key"}); len(conflict.Conflicts) != 1 || conflict.Conflicts[0] != want {
		t.Errorf("conflicts = %v, want %v", conflict.Conflicts, want)
	}
	if _, err := cluster.Apply(t.Context(), desired, object.Take); err != nil {
		t.Errorf("Apply with Take: %v", err)
	}
}

func TestApply_RefusesUnknownFieldsKindsAndNamespaces(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	apply := func(manifest string) error {
		_, err := cluster.Apply(t.Context(), kubetest.Object(t, manifest), object.Respect)
		return err
	}
	var (
		invalid *kube.InvalidError
		unknown *kube.UnknownKindError
		missing *kube.MissingNamespaceError
	)
	if err := apply(configMap("settings", namespace, "x") + "\nextra: 1"); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "extra") {
		t.Errorf("unknown field: %v", err)
	}
	if err := apply(configMap("Not_A_Name", namespace, "x")); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "metadata.name") {
		t.Errorf("invalid name: %v", err)
	}
	if err := apply("apiVersion: no.example/v1\nkind: Thing\nmetadata: {name: a}"); !errors.As(err, &unknown) {
		t.Errorf("unknown kind: %v", err)
	}
	if err := apply("apiVersion: apps/v9\nkind: Deployment\nmetadata: {name: a}"); !errors.As(err, &unknown) || unknown.Version != "v9" {
		t.Errorf("unknown version: %v", err)
	}
	if err := apply(configMap("settings", "nowhere", "x")); !errors.As(err, &missing) || missing.Namespace != "nowhere" {
		t.Errorf("missing namespace: %v", err)
	}
}

func TestApply_ReportsWarnings(t *testing.T) {
	heard := make(chan string, 10)
	cluster := kubetest.Connect(t, kube.Options{OnWarning: func(text string) { heard <- text }})
	namespace := kubetest.Namespace(t, cluster)
	// A duplicate environment variable is accepted with a warning.
	_, err := cluster.DryRun(t.Context(), kubetest.Object(t, `
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: `+namespace+`}
spec:
  nodeSelector: {beta.kubernetes.io/os: linux}
  containers:
  - {name: c, image: i}
`), object.Respect)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case text := <-heard:
		if !strings.Contains(text, "beta.kubernetes.io/os") {
			t.Errorf("warning = %q", text)
		}
	case <-time.After(time.Second):
		t.Error("no warning came")
	}
}

func TestRequests_EndWithTheirContext(t *testing.T) {
	cluster := kubetest.Cluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, errGet := cluster.Get(ctx, object.Ref{Kind: "Namespace", Name: "default"})
	_, errApply := cluster.Apply(ctx, kubetest.Object(t, configMap("a", "default", "b")), object.Respect)
	_, errVersion := cluster.Version(ctx)
	errAwait := cluster.Await(ctx, []object.Ref{{Kind: "Namespace", Name: "default"}}, func(object.Health) {})
	for name, err := range map[string]error{"Get": errGet, "Apply": errApply, "Version": errVersion, "Await": errAwait} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
}
