package decode

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/meshctl/meshctl/internal/object"
)

// plan is how a struct type is filled.
type plan struct {
	fields map[string][]int // index path of the field with this name
	names  []string
	// unmarshals is true for types that read their own JSON.
	unmarshals bool
	message    bool
}

func (d *Decoder) planOf(t reflect.Type) *plan {
	if known, ok := d.structs[t]; ok {
		return known
	}
	pointer := reflect.PointerTo(t)
	p := &plan{
		fields:     map[string][]int{},
		unmarshals: pointer.Implements(reflect.TypeFor[json.Unmarshaler]()),
		message:    pointer.Implements(reflect.TypeFor[proto.Message]()),
	}
	if t.Kind() == reflect.Struct && !p.unmarshals && !p.message {
		p.collect(t, nil)
	}
	for name := range p.fields {
		p.names = append(p.names, name)
	}
	slices.Sort(p.names)
	if d.structs == nil {
		d.structs = map[reflect.Type]*plan{}
	}
	d.structs[t] = p
	return p
}

func (p *plan) collect(t reflect.Type, index []int) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		at := append(slices.Clone(index), i)
		if name == "" && field.Anonymous || strings.Contains(options, "inline") {
			if field.Type.Kind() == reflect.Struct {
				p.collect(field.Type, at)
			}
			continue
		}
		if name == "" {
			name = field.Name
		}
		p.fields[name] = at
	}
}

func (r *run) value(node *object.Node, target reflect.Value, path object.Trail) {
	if node.Kind == object.NullNode {
		return
	}
	switch target.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		r.shared(node, target, path)
	case reflect.Struct:
		r.structure(node, target, path)
	case reflect.Interface:
		if target.NumMethod() == 0 {
			target.Set(reflect.ValueOf(node.Value()))
		}
	default:
		r.scalar(node, target, path)
	}
}

// fill decodes what a pointer, slice or map refers to.
func (r *run) fill(node *object.Node, target reflect.Value, path object.Trail) {
	switch target.Kind() {
	case reflect.Slice:
		r.slice(node, target, path)
	case reflect.Map:
		r.mapping(node, target, path)
	default:
		if target.IsNil() {
			target.Set(reflect.New(target.Type().Elem()))
		}
		r.value(node, target.Elem(), path)
	}
}

func (r *run) structure(node *object.Node, target reflect.Value, path object.Trail) {
	plan := r.decoder.planOf(target.Type())
	switch {
	case plan.message:
		r.message(node, target.Addr().Interface().(proto.Message).ProtoReflect(), path)
		return
	case plan.unmarshals:
		r.unmarshaler(node, target.Addr().Interface().(json.Unmarshaler), path)
		return
	case node.Kind != object.MapNode:
		r.wrong(path, node, "a mapping")
		return
	}
	for i := range node.Children {
		child := &node.Children[i]
		index, known := plan.fields[child.Key]
		if !known {
			r.problems = append(r.problems, Problem{Reason: UnknownField, Path: path.Key(child.Key).Path(), Message: "there is no such field", Known: plan.names})
			continue
		}
		r.value(child, target.FieldByIndex(index), path.Key(child.Key))
	}
}

func (r *run) slice(node *object.Node, target reflect.Value, path object.Trail) {
	if target.Type().Elem().Kind() == reflect.Uint8 && node.Kind == object.StringNode {
		decoded, err := base64.StdEncoding.DecodeString(node.Text)
		if err != nil {
			r.failed(path, err)
			return
		}
		target.SetBytes(decoded)
		return
	}
	if node.Kind != object.ListNode {
		r.wrong(path, node, "a list")
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(node.Children), len(node.Children)))
	for i := range node.Children {
		r.value(&node.Children[i], target.Index(i), path.Item(i))
	}
}

func (r *run) mapping(node *object.Node, target reflect.Value, path object.Trail) {
	if node.Kind != object.MapNode {
		r.wrong(path, node, "a mapping")
		return
	}
	if texts, ok := reflect.TypeAssert[*map[string]string](target.Addr()); ok {
		*texts = r.texts(node, path)
		return
	}
	filled := reflect.MakeMapWithSize(target.Type(), len(node.Children))
	for i := range node.Children {
		child := &node.Children[i]
		item := reflect.New(target.Type().Elem()).Elem()
		r.value(child, item, path.Key(child.Key))
		filled.SetMapIndex(reflect.ValueOf(child.Key).Convert(target.Type().Key()), item)
	}
	target.Set(filled)
}

// texts reads labels and their like.
func (r *run) texts(node *object.Node, path object.Trail) map[string]string {
	texts := make(map[string]string, len(node.Children))
	for i := range node.Children {
		child := &node.Children[i]
		if child.Kind != object.StringNode && child.Kind != object.NullNode {
			r.wrong(path.Key(child.Key), child, "a string")
		}
		texts[child.Key] = child.Text
	}
	return texts
}

func (r *run) scalar(node *object.Node, target reflect.Value, path object.Trail) {
	switch target.Kind() {
	case reflect.String:
		if node.Kind != object.StringNode {
			r.wrong(path, node, "a string")
			return
		}
		target.SetString(node.Text)
	case reflect.Bool:
		if node.Kind != object.BoolNode {
			r.wrong(path, node, "a boolean")
			return
		}
		target.SetBool(node.Text == "true")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		number, err := strconv.ParseInt(node.Text, 10, target.Type().Bits())
		if node.Kind != object.NumberNode || err != nil {
			r.wrong(path, node, "a whole number")
			return
		}
		target.SetInt(number)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		number, err := strconv.ParseUint(node.Text, 10, target.Type().Bits())
		if node.Kind != object.NumberNode || err != nil {
			r.wrong(path, node, "a whole number of 0 or more")
			return
		}
		target.SetUint(number)
	case reflect.Float32, reflect.Float64:
		number, err := strconv.ParseFloat(node.Text, 64)
		if node.Kind != object.NumberNode || err != nil {
			r.wrong(path, node, "a number")
			return
		}
		target.SetFloat(number)
	}
}
