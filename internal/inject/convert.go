package inject

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// shape is how a Go type looks as fields. The library finds this out again for
// every value; injecting a stream of pods would spend a third of its time there.
type shape struct {
	kind   reflect.Kind
	custom bool
	// of is the shape of what a pointer, list or map holds.
	of     *shape
	fields []shapeField
	named  map[string]*shapeField
}

type shapeField struct {
	name      string
	index     []int
	omitEmpty bool
	omitZero  bool
	of        *shape
}

// podShapes are the shapes of a pod, of a template and of all that is in them.
// They follow from the types alone, and take too long to find out at every start.
//
//nolint:gochecknoglobals // it never changes
var podShapes = sync.OnceValue(func() map[reflect.Type]*shape {
	known := map[reflect.Type]*shape{}
	shapeOf(reflect.TypeFor[corev1.Pod](), known)
	shapeOf(reflect.TypeFor[corev1.PodTemplateSpec](), known)
	return known
})

// selfMade are types that write and read themselves: quantities, times.
type selfMade interface {
	json.Marshaler
	json.Unmarshaler
}

// in is the field of a struct. Most are its own and not those of one within.
func (f *shapeField) in(v reflect.Value) reflect.Value {
	if len(f.index) == 1 {
		return v.Field(f.index[0])
	}
	return v.FieldByIndex(f.index)
}

func shapeOf(of reflect.Type, known map[reflect.Type]*shape) *shape {
	if s, ok := known[of]; ok {
		return s
	}
	s := &shape{kind: of.Kind()}
	known[of] = s
	s.custom = reflect.PointerTo(of).Implements(reflect.TypeFor[selfMade]())
	switch {
	case s.custom:
	case s.kind == reflect.Pointer, s.kind == reflect.Slice, s.kind == reflect.Map:
		s.of = shapeOf(of.Elem(), known)
	case s.kind == reflect.Struct:
		s.addFields(of, nil, known)
		s.named = make(map[string]*shapeField, len(s.fields))
		for i := range s.fields {
			s.named[s.fields[i].name] = &s.fields[i]
		}
	}
	return s
}

// addFields notes the fields of a struct, and those of the structs in it whose
// fields stand among its own.
func (s *shape) addFields(of reflect.Type, above []int, known map[reflect.Type]*shape) {
	for i := range of.NumField() {
		field := of.Field(i)
		index := append(slices.Clip(above), i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && field.Anonymous:
			s.addFields(field.Type, index, known)
		default:
			if name == "" {
				name = field.Name
			}
			s.fields = append(s.fields, shapeField{
				name: name, index: index, of: shapeOf(field.Type, known),
				omitEmpty: strings.Contains(options, "omitempty"), omitZero: strings.Contains(options, "omitzero"),
			})
		}
	}
}

// toMap is a pod, a pod template or a part of one as fields.
func toMap(v any) (map[string]any, error) {
	value := reflect.ValueOf(v)
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		if s, ok := podShapes()[value.Type().Elem()]; ok {
			if fields, ok := s.write(value.Elem()); ok {
				return fields.(map[string]any), nil
			}
		}
	}
	return runtime.DefaultUnstructuredConverter.ToUnstructured(v)
}

// fromMap reads fields into what must be empty.
func fromMap(content map[string]any, into any) error {
	value := reflect.ValueOf(into)
	if s, ok := podShapes()[value.Type().Elem()]; ok {
		if s.read(content, value.Elem()) {
			return nil
		}
		// The library knows more ways, and says what is wrong.
		value.Elem().SetZero()
	}
	return runtime.DefaultUnstructuredConverter.FromUnstructured(content, into)
}

// write is false for what only the library can do.
func (s *shape) write(v reflect.Value) (any, bool) {
	if s.custom {
		return writeCustom(v)
	}
	switch s.kind {
	case reflect.String:
		return v.String(), true
	case reflect.Bool:
		return v.Bool(), true
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.Int(), true
	case reflect.Pointer:
		if v.IsNil() {
			return nil, true
		}
		return s.of.write(v.Elem())
	case reflect.Slice:
		return s.writeList(v)
	case reflect.Map:
		return s.writeMap(v)
	case reflect.Struct:
		fields := make(map[string]any, 8)
		for i := range s.fields {
			f := &s.fields[i]
			value := f.in(v)
			if f.omitEmpty && isEmpty(value) || f.omitZero && isZero(value) {
				continue
			}
			written, ok := f.of.write(value)
			if !ok {
				return nil, false
			}
			fields[f.name] = written
		}
		return fields, true
	}
	return nil, false
}

func (s *shape) writeList(v reflect.Value) (any, bool) {
	switch {
	case s.of.kind == reflect.Uint8:
		return nil, false
	case v.IsNil():
		return nil, true
	}
	items := make([]any, v.Len())
	for i := range items {
		var ok bool
		if items[i], ok = s.of.write(v.Index(i)); !ok {
			return nil, false
		}
	}
	return items, true
}

func (s *shape) writeMap(v reflect.Value) (any, bool) {
	if v.IsNil() {
		return nil, true
	}
	fields := make(map[string]any, v.Len())
	if texts, ok := reflect.TypeAssert[map[string]string](v); ok {
		for key, text := range texts {
			fields[key] = text
		}
		return fields, true
	}
	for entries := v.MapRange(); entries.Next(); {
		written, ok := s.of.write(entries.Value())
		if !ok || entries.Key().Kind() != reflect.String {
			return nil, false
		}
		fields[entries.Key().String()] = written
	}
	return fields, true
}

func writeCustom(v reflect.Value) (any, bool) {
	if direct, ok := reflect.TypeAssert[interface{ ToUnstructured() any }](v); ok {
		return direct.ToUnstructured(), true
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return nil, false
	}
	var value any
	err = utiljson.Unmarshal(text, &value)
	return value, err == nil
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct:
		return false
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	}
	return v.IsZero()
}

func isZero(v reflect.Value) bool {
	if own, ok := reflect.TypeAssert[interface{ IsZero() bool }](v); ok {
		return own.IsZero()
	}
	return v.IsZero()
}
