package decode

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/meshctl/meshctl/internal/object"
)

// message fills a protobuf message, with the field names of its JSON or, as
// istiod allows too, of its definition.
func (r *run) message(node *object.Node, target protoreflect.Message, path object.Trail) {
	if node.Kind == object.NullNode {
		return
	}
	if name := target.Descriptor().FullName(); name.Parent() == "google.protobuf" {
		r.wellKnown(node, target, path)
		return
	}
	if node.Kind != object.MapNode {
		r.wrong(path, node, "a mapping")
		return
	}
	fields := target.Descriptor().Fields()
	for i := range node.Children {
		child := &node.Children[i]
		field := fields.ByJSONName(child.Key)
		if field == nil {
			field = fields.ByName(protoreflect.Name(child.Key))
		}
		if field == nil {
			r.problems = append(r.problems, Problem{Reason: UnknownField, Path: path.Key(child.Key).Path(), Message: "there is no such field", Known: jsonNames(fields)})
			continue
		}
		if child.Kind == object.NullNode && !isValue(field) {
			continue
		}
		if group := field.ContainingOneof(); group != nil {
			if other := target.WhichOneof(group); other != nil && other != field {
				r.problems = append(r.problems, Problem{Reason: WrongType, Path: path.Key(child.Key).Path(), Message: "cannot be set beside " + other.JSONName()})
				continue
			}
		}
		r.sharedField(child, target, field, path.Key(child.Key))
	}
}

func jsonNames(fields protoreflect.FieldDescriptors) []string {
	names := make([]string, fields.Len())
	for i := range names {
		names[i] = fields.Get(i).JSONName()
	}
	return names
}

// isValue knows the one message for which null is a value.
func isValue(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().FullName() == "google.protobuf.Value"
}

func (r *run) field(node *object.Node, target protoreflect.Message, field protoreflect.FieldDescriptor, path object.Trail) {
	switch {
	case field.IsList():
		r.list(node, target.Mutable(field).List(), field, path)
	case field.IsMap():
		r.entries(node, target.Mutable(field).Map(), field, path)
	case field.Message() != nil:
		r.message(node, target.Mutable(field).Message(), path)
	default:
		if value, ok := r.single(node, field, path); ok {
			target.Set(field, value)
		}
	}
}

func (r *run) list(node *object.Node, list protoreflect.List, field protoreflect.FieldDescriptor, path object.Trail) {
	if node.Kind != object.ListNode {
		r.wrong(path, node, "a list")
		return
	}
	for i := range node.Children {
		child, at := &node.Children[i], path.Item(i)
		if field.Message() != nil {
			// Also for null, so that indices stay those of the document.
			r.message(child, list.AppendMutable().Message(), at)
			continue
		}
		value, ok := r.single(child, field, at)
		if !ok {
			value = list.NewElement()
			if field.Kind() == protoreflect.EnumKind {
				value = protoreflect.ValueOfEnum(0)
			}
		}
		list.Append(value)
	}
}

func (r *run) entries(node *object.Node, entries protoreflect.Map, field protoreflect.FieldDescriptor, path object.Trail) {
	if node.Kind != object.MapNode {
		r.wrong(path, node, "a mapping")
		return
	}
	for i := range node.Children {
		child := &node.Children[i]
		at := path.Key(child.Key)
		kind, text := object.StringNode, child.Key
		if field.MapKey().Kind() != protoreflect.StringKind {
			kind = object.NumberNode
		}
		key, ok := r.single(&object.Node{Kind: kind, Text: text}, field.MapKey(), at)
		if !ok {
			continue
		}
		switch message := field.MapValue().Message(); {
		case message != nil && child.Kind == object.NullNode && message.FullName() != "google.protobuf.Value":
			// A cluster drops the key, and with it what was asked for.
			r.wrong(at, child, "a mapping")
		case message != nil:
			r.message(child, entries.Mutable(key.MapKey()).Message(), at)
		default:
			if value, ok := r.single(child, field.MapValue(), at); ok {
				entries.Set(key.MapKey(), value)
			}
		}
	}
}

// single reads a scalar, an enumeration or bytes.
func (r *run) single(node *object.Node, field protoreflect.FieldDescriptor, path object.Trail) (protoreflect.Value, bool) {
	switch field.Kind() {
	case protoreflect.StringKind:
		if node.Kind != object.StringNode {
			r.wrong(path, node, "a string")
			return protoreflect.Value{}, false
		}
		return protoreflect.ValueOfString(node.Text), true
	case protoreflect.BoolKind:
		if node.Kind != object.BoolNode {
			r.wrong(path, node, "a boolean")
			return protoreflect.Value{}, false
		}
		return protoreflect.ValueOfBool(node.Text == "true"), true
	case protoreflect.EnumKind:
		return r.enum(node, field.Enum().Values(), path)
	case protoreflect.BytesKind:
		decoded, err := base64.StdEncoding.DecodeString(node.Text)
		if node.Kind != object.StringNode || err != nil {
			r.wrong(path, node, "base64 text")
			return protoreflect.Value{}, false
		}
		return protoreflect.ValueOfBytes(decoded), true
	}
	return r.number(node, field.Kind(), path)
}

func (r *run) enum(node *object.Node, values protoreflect.EnumValueDescriptors, path object.Trail) (protoreflect.Value, bool) {
	if node.Kind == object.StringNode {
		if value := values.ByName(protoreflect.Name(node.Text)); value != nil {
			return protoreflect.ValueOfEnum(value.Number()), true
		}
	}
	if number, err := strconv.ParseInt(node.Text, 10, 32); err == nil && node.Kind == object.NumberNode {
		if value := values.ByNumber(protoreflect.EnumNumber(number)); value != nil {
			return protoreflect.ValueOfEnum(value.Number()), true
		}
	}
	known := make([]string, values.Len())
	for i := range known {
		known[i] = string(values.Get(i).Name())
	}
	r.problems = append(r.problems, Problem{Reason: UnknownValue, Path: path.Path(), Message: fmt.Sprintf("%q is not one of %s", node.Text, strings.Join(known, ", ")), Known: known})
	return protoreflect.Value{}, false
}

// number also takes numbers in quotes, as protojson does, and whole numbers
// written as 1.0.
func (r *run) number(node *object.Node, kind protoreflect.Kind, path object.Trail) (protoreflect.Value, bool) {
	number, err := strconv.ParseFloat(node.Text, 64)
	if node.Kind != object.NumberNode && node.Kind != object.StringNode || err != nil {
		r.wrong(path, node, "a number")
		return protoreflect.Value{}, false
	}
	switch kind {
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(number), true
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(number)), true
	}
	if number != math.Trunc(number) {
		r.failed(path, fmt.Errorf("must be a whole number, not %s", node.Text))
		return protoreflect.Value{}, false
	}
	switch kind {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		if number >= math.MinInt32 && number <= math.MaxInt32 {
			return protoreflect.ValueOfInt32(int32(number)), true
		}
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		if number >= 0 && number <= math.MaxUint32 {
			return protoreflect.ValueOfUint32(uint32(number)), true
		}
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		if whole, err := strconv.ParseInt(node.Text, 10, 64); err == nil {
			return protoreflect.ValueOfInt64(whole), true
		}
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if whole, err := strconv.ParseUint(node.Text, 10, 64); err == nil {
			return protoreflect.ValueOfUint64(whole), true
		}
	}
	r.failed(path, fmt.Errorf("%s is out of range", node.Text))
	return protoreflect.Value{}, false
}

// wellKnown fills durations, wrapped scalars and free-form structs.
func (r *run) wellKnown(node *object.Node, target protoreflect.Message, path object.Trail) {
	if target.Descriptor().FullName() == "google.protobuf.Duration" {
		// Like istiod, and unlike protojson, which knows no units but seconds.
		length, err := time.ParseDuration(node.Text)
		if node.Kind != object.StringNode || err != nil {
			r.failed(path, fmt.Errorf("%q is not a duration such as 10s or 1m30s", node.Text))
			return
		}
		duration, ok := target.Interface().(*durationpb.Duration)
		if ok {
			duration.Seconds, duration.Nanos = int64(length/time.Second), int32(length%time.Second)
		}
		return
	}
	if err := protojson.Unmarshal(node.AppendJSON(nil), target.Interface()); err != nil {
		r.failed(path, plain(err))
	}
}

// plain drops the positions that protojson counts in JSON nobody has seen.
func plain(err error) error {
	text := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	if i := strings.LastIndex(text, "): "); i >= 0 {
		text = text[i+len("): "):]
	}
	return fmt.Errorf("%s", strings.TrimPrefix(text, "proto: "))
}
