package inject

import (
	"reflect"

	"github.com/meshctl/meshctl/internal/object"
)

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
