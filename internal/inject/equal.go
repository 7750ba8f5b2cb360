package inject

import (
	"reflect"

	"github.com/meshctl/meshctl/internal/object"
)

// equalFields is reflect.DeepEqual for fields, without its cost. As in JSON, 1e2
// and 100 are one number.
func equalFields(a, b any) bool {
	switch a := a.(type) {
	case nil, string, bool:
		return a == b
	case int64:
		if b, ok := b.(float64); ok {
			return isWhole(b, a)
		}
		return a == b
	case float64:
		if b, ok := b.(int64); ok {
			return isWhole(a, b)
		}
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

func isWhole(number float64, whole int64) bool {
	const tooMuch = 1 << 63 // for an int64
	return number == float64(whole) && number < tooMuch && int64(number) == whole
}

// says is whether a node has these fields, without making values of it.
func says(node *object.Node, fields any) bool {
	switch fields := fields.(type) {
	case map[string]any:
		if node.Kind != object.MapNode || len(node.Children) != len(fields) {
			return false
		}
		for i := range node.Children {
			child := &node.Children[i]
			if value, ok := fields[child.Key]; !ok || !says(child, value) {
				return false
			}
		}
		return true
	case []any:
		if node.Kind != object.ListNode || len(node.Children) != len(fields) {
			return false
		}
		for i := range fields {
			if !says(&node.Children[i], fields[i]) {
				return false
			}
		}
		return true
	case string:
		return node.Kind == object.StringNode && node.Text == fields
	}
	return node.Kind != object.MapNode && node.Kind != object.ListNode && equalFields(node.Value(), fields)
}
