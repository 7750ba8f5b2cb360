package inject_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

// TestStrict_APIServersTakeInjectedPods has an API server try what was injected
// offline: it knows every field, and has nothing to warn of. The pods of the
// workloads are tried, too, because a template is checked less than a pod.
func TestStrict_APIServersTakeInjectedPods(t *testing.T) {
	var warnings []string
	cluster := kubetest.Connect(t, kube.Options{OnWarning: func(text string) { warnings = append(warnings, text) }})
	namespace := kubetest.Namespace(t, cluster)
	kubetest.Apply(t, cluster, "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: shop, namespace: "+namespace+"}")
	files, err := filepath.Glob("testdata/golden/*.yaml")
	check(t, err)
	tried := 0
	for _, file := range files {
		// These kinds belong to others.
		if strings.Contains(file, "rollout.") || strings.Contains(file, "deploymentconfig.") {
			continue
		}
		objects, err := object.Decode(file, read(t, file))
		check(t, err)
		for _, o := range flattened(objects) {
			o.SetNamespace(namespace)
			o.SetOwnerReferences(nil)
			if o.GetName() == "" {
				o.SetName(kubetest.Name())
			}
			for _, candidate := range append(podsIn(t, o, namespace), o) {
				warnings = nil
				if _, err := cluster.DryRun(t.Context(), candidate, object.Take); err != nil {
					t.Errorf("%s: %v", file, err)
				}
				for _, warning := range warnings {
					t.Errorf("%s: %s: the API server warns: %s", file, candidate.Ref(), warning)
				}
				tried++
			}
		}
	}
	if tried < 50 {
		t.Errorf("only %d objects were tried", tried)
	}
}

func flattened(objects []object.Object) []object.Object {
	var all []object.Object
	for _, o := range objects {
		items, ok := o.Object["items"].([]any)
		if !ok {
			all = append(all, o)
			continue
		}
		for _, item := range items {
			fields, _ := item.(map[string]any)
			all = append(all, flattened([]object.Object{object.New(fields, o.Source)})...)
		}
	}
	return all
}

// podsIn makes pods of the templates of a workload.
func podsIn(t *testing.T, o object.Object, namespace string) []object.Object {
	t.Helper()
	path := inject.StandardKinds()[o.GetKind()]
	if path == "" {
		return nil
	}
	var fields any = o.Object
	for name := range strings.SplitSeq(path, ".") {
		fields = fields.(map[string]any)[name]
	}
	pod := object.New(fields.(map[string]any), o.Source).Copy()
	pod.SetAPIVersion("v1")
	pod.SetKind("Pod")
	pod.SetName(kubetest.Name())
	pod.SetNamespace(namespace)
	return []object.Object{pod}
}
