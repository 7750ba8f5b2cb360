package inject

import (
	"math"
	"reflect"
	"testing"
)

func TestEqualFields_IsDeepEqual(t *testing.T) {
	values := []any{
		nil,
		"", "1", int64(1), int64(0), 1.5, math.NaN(), true, false, 1,
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

func TestEqualFields_NumbersAreThoseOfJSON(t *testing.T) {
	const exact = 1 << 53 // above it, floats leave whole numbers out
	for _, c := range []struct {
		whole  int64
		number float64
		want   bool
	}{{100, 1e2, true}, {0, 0, true}, {1, 1.5, false}, {exact + 1, exact, false}, {math.MaxInt64, 1 << 63, false}, {math.MinInt64, -1 << 63, true}} {
		if equalFields(c.whole, c.number) != c.want || equalFields(c.number, c.whole) != c.want {
			t.Errorf("%d and %g: want equal %t", c.whole, c.number, c.want)
		}
	}
}
