package kube_test

import (
	"encoding/json"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/meshctl/meshctl/internal/kube/kubetest"
)

var configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

// outsider is a client that shares nothing with the code under test.
func outsider(t *testing.T) dynamic.Interface {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubetest.Kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// applyAs applies a ConfigMap as another field manager.
func applyAs(t *testing.T, manager, manifest string) {
	t.Helper()
	desired := kubetest.Object(t, manifest)
	_, err := outsider(t).Resource(configMaps).Namespace(desired.GetNamespace()).
		Apply(t.Context(), desired.GetName(), &desired.Unstructured, metav1.ApplyOptions{FieldManager: manager})
	if err != nil {
		t.Fatal(err)
	}
}

// setStatus replaces the status of an object.
func setStatus(t *testing.T, where dynamic.ResourceInterface, name string, status map[string]any) {
	t.Helper()
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := where.Patch(t.Context(), name, types.MergePatchType, patch, metav1.PatchOptions{}, "status"); err != nil {
		t.Fatal(err)
	}
}

// hold gives an object a finalizer, or none.
func hold(t *testing.T, where dynamic.ResourceInterface, name, finalizer string) {
	t.Helper()
	finalizers := []string{}
	if finalizer != "" {
		finalizers = append(finalizers, finalizer)
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"finalizers": finalizers}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := where.Patch(t.Context(), name, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}
