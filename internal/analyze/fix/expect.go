package fix

import (
	"reflect"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// expect makes the change in the values of a document.
func (e edit) expect(root any) (any, error) {
	return e.within(root, e.path)
}

func (e edit) within(value any, path object.Path) (any, error) {
	step, rest := path[0], path[1:]
	if step.Name == "" {
		return e.inList(value, step.Index, rest)
	}
	fields, ok := value.(map[string]any)
	if value == nil && e.op == analyze.Set {
		fields, ok = map[string]any{}, true
	}
	if !ok {
		return nil, refused("%s is no mapping", e.path[:len(e.path)-len(path)])
	}
	old, there := fields[step.Name]
	if !there && e.op != analyze.Set {
		return nil, refused("%s is not there", e.path)
	}
	if len(rest) > 0 {
		changed, err := e.within(old, rest)
		if inner, ok := changed.(map[string]any); ok && len(inner) == 0 && goesEmpty(step.Name) {
			delete(fields, step.Name)
		} else {
			fields[step.Name] = changed
		}
		return fields, err
	}
	switch e.op {
	case analyze.Remove:
		delete(fields, step.Name)
	case analyze.Rename:
		if _, taken := fields[e.name]; taken {
			return nil, refused("%s is there already", e.path[:len(e.path)-1].Key(e.name))
		}
		delete(fields, step.Name)
		fields[e.name] = old
	default:
		fields[step.Name] = plain(e.value)
	}
	return fields, nil
}

func (e edit) inList(value any, index int, rest object.Path) (any, error) {
	items, ok := value.([]any)
	if !ok || index >= len(items) {
		return nil, refused("%s is not there", e.path)
	}
	switch {
	case len(rest) > 0:
		var err error
		items[index], err = e.within(items[index], rest)
		return items, err
	case e.op == analyze.Remove:
		return slices.Delete(items, index, index+1), nil
	case e.op == analyze.Set:
		items[index] = plain(e.value)
		return items, nil
	}
	return nil, refused("%s has no name", e.path)
}

// goesEmpty says of which fields nothing is left when they lose their last
// entry. Of others an empty one may mean something.
func goesEmpty(name string) bool { return name == "annotations" || name == "labels" }

// plain is a value in the types that Node.Value has.
func plain(value any) any {
	switch v := reflect.ValueOf(value); v.Kind() { //nolint:exhaustive // what is not named is as it should be, or refused by the comparison
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()) //nolint:gosec // fields of Kubernetes are never that large
	case reflect.Float32, reflect.Float64:
		if whole := v.Float(); whole == float64(int64(whole)) {
			return int64(whole)
		}
		return v.Float()
	case reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			items[i] = plain(v.Index(i).Interface())
		}
		return items
	case reflect.Map:
		fields := map[string]any{}
		for _, key := range v.MapKeys() {
			fields[key.String()] = plain(v.MapIndex(key).Interface())
		}
		return fields
	}
	return value
}
