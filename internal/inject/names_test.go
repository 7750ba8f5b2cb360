package inject

import (
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

// TestNamesIn_MergeLikeTheWholePatch lays pairs of patches over each other, whole
// and reduced to their names: what they add together must have the same names.
func TestNamesIn_MergeLikeTheWholePatch(t *testing.T) {
	patches := []string{
		"spec: {containers: [{name: a, image: i}, {name: b}], volumes: [{name: v, emptyDir: {}}]}",
		"spec: {containers: [{name: b, image: j}, {name: c}], imagePullSecrets: [{name: s}]}",
		"spec: {containers: [{name: a, $patch: delete}], volumes: [{name: v, $retainKeys: [name, hostPath], hostPath: {path: /}}]}",
		"spec: {containers: [{$patch: replace}, {name: z}]}",
		"spec: {$patch: replace, initContainers: [{name: x, image: i}]}",
		"spec: {$setElementOrder/containers: [{name: b}, {name: a}], containers: [{name: b, image: k}, {name: a}]}",
		"spec: {volumes: null}",
		"spec: null",
		"metadata: {labels: {a: b}}",
		"$patch: replace\nspec: {containers: [{name: q}]}",
	}
	for _, first := range patches {
		for _, second := range patches {
			whole, reduced := map[string]any{}, map[string]any{}
			for _, text := range []string{first, second} {
				patch, err := readMap([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				small := runtime.DeepCopyJSON(namesIn(patch))
				var err1, err2 error
				whole, err1 = mergePod(whole, patch)
				reduced, err2 = mergePod(reduced, small)
				if err1 != nil || err2 != nil {
					t.Fatal(first, second, err1, err2)
				}
			}
			if want, got := namesOf(whole), namesOf(reduced); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, then %s: got %+v, want %+v", first, second, got, want)
			}
		}
	}
}
