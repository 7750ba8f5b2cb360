package inject

import (
	"math"
	"reflect"
	"testing"
)

func TestEqualFields_IsDeepEqual(t *testing.T) {
	values := []any{
		nil,
		"", "1", int64(1), int64(0), 1.0, math.NaN(), true, false, 1,
		[]string{"a"},
		map[string]any(nil),
		map[string]any{},
		map[string]any{"a": nil},
		map[string]any{"b": nil},
		map[string]any{"a": map[string]any{"b": []any{"c", int64(1)}}},
		map[string]any{"a": map[string]any{"b": []any{"c", int64(2)}}},
		[]any(nil),
		[]any{},
		[]any{nil},
		[]any{"a"},
		[]any{"a", "b"},
	}
	for _, a := range values {
		for _, b := range values {
			if got, want := equalFields(a, b), reflect.DeepEqual(a, b); got != want {
				t.Errorf("%#v and %#v: got %t, want %t", a, b, got, want)
			}
		}
	}
}
