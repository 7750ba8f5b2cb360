package inject

import (
	"encoding/json"
	"reflect"
)

// read is false for what only the library can do. What it reads into is empty.
func (s *shape) read(from any, into reflect.Value) bool {
	if from == nil {
		return true
	}
	if s.custom {
		text, err := json.Marshal(from)
		return err == nil && into.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(text) == nil
	}
	switch s.kind {
	case reflect.String:
		text, ok := from.(string)
		into.SetString(text)
		return ok
	case reflect.Bool:
		on, ok := from.(bool)
		into.SetBool(on)
		return ok
	case reflect.Int, reflect.Int32, reflect.Int64:
		number, ok := from.(int64)
		if !ok || into.OverflowInt(number) {
			return false
		}
		into.SetInt(number)
		return true
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return s.of.read(from, into.Elem())
	case reflect.Slice:
		return s.readList(from, into)
	case reflect.Map:
		return s.readMap(from, into)
	case reflect.Struct:
		return s.readStruct(from, into)
	}
	return false
}

func (s *shape) readStruct(from any, into reflect.Value) bool {
	fields, ok := from.(map[string]any)
	if !ok {
		return false
	}
	for name, value := range fields {
		if f, known := s.named[name]; known && !f.of.read(value, f.in(into)) {
			return false
		}
	}
	return true
}

func (s *shape) readList(from any, into reflect.Value) bool {
	items, ok := from.([]any)
	if !ok || s.of.kind == reflect.Uint8 {
		return false
	}
	if items == nil {
		return true
	}
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		if !s.of.read(item, into.Index(i)) {
			return false
		}
	}
	return true
}

func (s *shape) readMap(from any, into reflect.Value) bool {
	fields, ok := from.(map[string]any)
	if !ok {
		return false
	}
	if fields == nil {
		return true
	}
	if texts, ok := reflect.TypeAssert[*map[string]string](into.Addr()); ok {
		return readTexts(fields, texts)
	}
	of := into.Type()
	made := reflect.MakeMapWithSize(of, len(fields))
	value := reflect.New(of.Elem()).Elem()
	for name, content := range fields {
		value.SetZero()
		if !s.of.read(content, value) {
			return false
		}
		made.SetMapIndex(reflect.ValueOf(name).Convert(of.Key()), value)
	}
	into.Set(made)
	return true
}

func readTexts(from map[string]any, into *map[string]string) bool {
	made := make(map[string]string, len(from))
	for key, content := range from {
		text, ok := content.(string)
		if !ok && content != nil {
			return false
		}
		made[key] = text
	}
	*into = made
	return true
}
