package inject

import "reflect"

// equalFields is reflect.DeepEqual for fields, without its cost.
func equalFields(a, b any) bool {
	switch a := a.(type) {
	case nil, string, bool, int64, float64:
		return a == b
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) || (a == nil) != (b == nil) {
			return false
		}
		for key, value := range a {
			if other, there := b[key]; !there || !equalFields(value, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) || (a == nil) != (b == nil) {
			return false
		}
		for i := range a {
			if !equalFields(a[i], b[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}
