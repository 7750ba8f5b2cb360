package plan

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// FieldChange is one field whose value changes. Old is nil for a new field, New
// for one that goes.
type FieldChange struct {
	Path string `json:"path"`
	Old  any    `json:"old,omitempty"`
	New  any    `json:"new,omitempty"`
}

// bookkeeping are the fields in which the server keeps its own notes.
func bookkeeping(path string) bool {
	switch path {
	case "status", "metadata.managedFields", "metadata.resourceVersion", "metadata.generation",
		"metadata.uid", "metadata.creationTimestamp", "metadata.selfLink",
		// counts the changes of a DaemonSet, so it changes with any of them
		"metadata.annotations[deprecated.daemonset.template.generation]":
		return true
	}
	return false
}

// Diff lists the fields in which after differs from before, sorted by path.
// Elements of lists are told apart by their name where they have one.
func Diff(before, after object.Object) []FieldChange {
	var changes []FieldChange
	diffMaps("", before.Object, after.Object, &changes)
	return changes
}

func diffMaps(path string, before, after map[string]any, changes *[]FieldChange) {
	keys := map[string]bool{}
	for key := range before {
		keys[key] = true
	}
	for key := range after {
		keys[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if child := join(path, key); !bookkeeping(child) {
			diffValues(child, before[key], after[key], changes)
		}
	}
}

func diffValues(path string, before, after any, changes *[]FieldChange) {
	switch b := before.(type) {
	case map[string]any:
		if a, ok := after.(map[string]any); ok {
			diffMaps(path, b, a, changes)
			return
		}
	case []any:
		if a, ok := after.([]any); ok {
			diffLists(path, b, a, changes)
			return
		}
	}
	if !reflect.DeepEqual(before, after) {
		*changes = append(*changes, FieldChange{Path: path, Old: before, New: after})
	}
}

func diffLists(path string, before, after []any, changes *[]FieldChange) {
	b, namedBefore := byName(before)
	a, namedAfter := byName(after)
	if namedBefore && namedAfter {
		names := map[string]bool{}
		for name := range b {
			names[name] = true
		}
		for name := range a {
			names[name] = true
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			diffValues(path+"["+name+"]", b[name], a[name], changes)
		}
		return
	}
	for i := range max(len(before), len(after)) {
		diffValues(fmt.Sprintf("%s[%d]", path, i), at(before, i), at(after, i), changes)
	}
}

func byName(list []any) (map[string]any, bool) {
	named := map[string]any{}
	for _, element := range list {
		fields, _ := element.(map[string]any)
		name, ok := fields["name"].(string)
		if !ok {
			return nil, false
		}
		if _, twice := named[name]; twice {
			return nil, false
		}
		named[name] = element
	}
	return named, true
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func join(path, key string) string {
	if strings.ContainsAny(key, "./") {
		key = "[" + key + "]"
		return path + key
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
