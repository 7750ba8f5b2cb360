package inject

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// filled puts anything into a value: zero, empty and full fields by chance.
func filled(r *rand.Rand, v reflect.Value) {
	switch own := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*own = resource.MustParse(fmt.Sprintf("%dm", r.IntN(5000)))
		return
	case *metav1.Time:
		*own = metav1.Time{Time: time.Unix(r.Int64N(1<<32), 0)}
		return
	case *intstr.IntOrString:
		*own = intstr.FromInt32(r.Int32())
		if r.IntN(2) == 0 {
			*own = intstr.FromString("http")
		}
		return
	case *metav1.FieldsV1:
		own.SetRawBytes([]byte(`{"f:a":{}}`))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "b"}[r.IntN(3)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Int32N(3)))
	case reflect.Pointer:
		if r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			filled(r, v.Elem())
		}
	case reflect.Slice:
		if n := r.IntN(4); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
			for i := range n - 1 {
				filled(r, v.Index(i))
			}
		}
	case reflect.Map:
		if n := r.IntN(4); n > 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for i := range n - 1 {
				content := reflect.New(v.Type().Elem()).Elem()
				filled(r, content)
				v.SetMapIndex(reflect.ValueOf(fmt.Sprint("key", i)).Convert(v.Type().Key()), content)
			}
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			filled(r, field)
		}
	}
}

func TestConversion_AgreesWithTheLibrary(t *testing.T) {
	library := runtime.DefaultUnstructuredConverter
	for seed := range uint64(50) {
		pod := &corev1.Pod{}
		filled(rand.New(rand.NewPCG(seed, 1)), reflect.ValueOf(pod).Elem())
		got, ok := podShapes()[reflect.TypeFor[corev1.Pod]()].write(reflect.ValueOf(pod).Elem())
		if !ok {
			t.Fatal("the pod was left to the library")
		}
		want, err := library.ToUnstructured(pod)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, any(want)) {
			t.Fatalf("seed %d: writing (-library +ours):\n%s", seed, cmp.Diff(any(want), got))
		}
		var read, wanted corev1.Pod
		if !podShapes()[reflect.TypeFor[corev1.Pod]()].read(want, reflect.ValueOf(&read).Elem()) {
			t.Fatal("the fields were left to the library")
		}
		if err := library.FromUnstructured(want, &wanted); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(read, wanted) && !equality.Semantic.DeepEqual(read, wanted) {
			t.Fatalf("seed %d: reading (-library +ours):\n%s", seed, cmp.Diff(wanted, read))
		}
	}
}

func TestConversion_LeavesTheOddToTheLibrary(t *testing.T) {
	for _, wrong := range []map[string]any{
		{"spec": map[string]any{"priority": "high"}},
		{"spec": map[string]any{"containers": map[string]any{}}},
		{"metadata": []any{}},
		{"metadata": map[string]any{"labels": map[string]any{"a": int64(1)}}},
	} {
		want := runtime.DefaultUnstructuredConverter.FromUnstructured(wrong, &corev1.Pod{})
		got := fromMap(wrong, &corev1.Pod{})
		if want == nil || got == nil || got.Error() != want.Error() {
			t.Errorf("%v: got %v, want %v", wrong, got, want)
		}
	}
	var pod corev1.Pod
	if err := fromMap(map[string]any{"spec": map[string]any{"priority": 5.0}}, &pod); err != nil || *pod.Spec.Priority != 5 {
		t.Errorf("a whole float is a number: %v, %v", pod.Spec.Priority, err)
	}
}
