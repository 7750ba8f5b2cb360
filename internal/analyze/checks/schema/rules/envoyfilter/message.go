package envoyfilter

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/near"
)

// reader reads values as messages of Envoy by the rules of JSON for protocol
// buffers. A decoder would do that too, but would stop at the first fault, and
// tell its place in a text that nobody has written.
type reader struct {
	j     *rules.Judge
	types *envoyTypes
}

const anyName protoreflect.FullName = "google.protobuf.Any"

// deepest is how far values are looked into.
const deepest = 64

// message reads the fields of a message.
func (r *reader) message(message protoreflect.MessageDescriptor, value *structpb.Struct, at *rules.Place, depth int) {
	if depth > deepest {
		return
	}
	seen := map[protoreflect.FullName]string{}
	for _, name := range rules.SortedKeys(value.GetFields()) {
		if name == "@type" {
			continue
		}
		at, item := at.Field(name), value.GetFields()[name]
		field := fieldOf(message, name)
		if field == nil {
			r.unknown(message, name, at)
			continue
		}
		if isNull(item) && !takesNull(field) {
			continue // which is how JSON says that there is none
		}
		if first, twice := seen[field.FullName()]; twice {
			r.j.Wrong(at, "%s and %s are one field of Envoy's %s: set it once", first, name, message.Name())
		}
		seen[field.FullName()] = name
		if one := field.ContainingOneof(); one != nil && !one.IsSynthetic() {
			if first, twice := seen[one.FullName()]; twice {
				r.j.Wrong(at, "Envoy's %s has either %s or %s, not both", message.Name(), first, name)
			}
			seen[one.FullName()] = name
		}
		r.field(field, item, at, depth+1)
	}
}

// fieldOf finds a field by either of its names.
func fieldOf(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := message.Fields().ByJSONName(name); field != nil {
		return field
	}
	return message.Fields().ByTextName(name)
}

func (r *reader) unknown(message protoreflect.MessageDescriptor, name string, at *rules.Place) {
	var known []string
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		known = append(known, field.TextName(), field.JSONName())
	}
	r.j.Doubt(at, "Envoy's %s has no field %q%s", message.Name(), name, meant(name, known))
}

// meant asks whether one of the known names was meant.
func meant(name string, known []string) string {
	if found := near.Name(name, known); found != "" {
		return `: did you mean "` + found + `"?`
	}
	return ""
}

func (r *reader) field(field protoreflect.FieldDescriptor, value *structpb.Value, at *rules.Place, depth int) {
	switch {
	case field.IsMap():
		if value.GetStructValue() == nil {
			r.kind(field, at, "a map")
			return
		}
		items := value.GetStructValue().GetFields()
		for _, key := range rules.SortedKeys(items) {
			if fault := scalarFault(field.MapKey(), keyValue(field.MapKey(), key)); fault != "" {
				r.j.Wrong(at.Field(key), "a key of %s in Envoy's %s has to be %s", field.Name(), field.Parent().Name(), fault)
			}
			r.one(field, field.MapValue(), items[key], at.Field(key), depth)
		}
	case field.IsList():
		if value.GetListValue() == nil {
			r.kind(field, at, "a list")
			return
		}
		for i, item := range value.GetListValue().GetValues() {
			r.one(field, field, item, at.Item(i), depth)
		}
	default:
		r.one(field, field, value, at, depth)
	}
}

// one reads a single value of a field, which has the kind of what is in the field.
func (r *reader) one(field, in protoreflect.FieldDescriptor, value *structpb.Value, at *rules.Place, depth int) {
	message := in.Message()
	if message == nil {
		if fault := scalarFault(in, value); fault != "" {
			r.kind(field, at, fault)
		}
		return
	}
	if fault, special := specialFault(message.FullName(), value); special {
		if fault != "" {
			r.kind(field, at, fault)
		}
		return
	}
	if wrapped := wrappedField(message); wrapped != nil {
		if fault := scalarFault(wrapped, value); fault != "" {
			r.kind(field, at, fault)
		}
		return
	}
	inner := value.GetStructValue()
	switch {
	case inner == nil:
		r.kind(field, at, "an object, a "+string(message.Name()))
	case message.FullName() == anyName:
		r.any(field, inner, at, depth)
	default:
		r.message(message, inner, at, depth)
	}
}

// kind reports a value of a kind that its field does not take.
func (r *reader) kind(field protoreflect.FieldDescriptor, at *rules.Place, wanted string) {
	r.j.Wrong(at, "%s of Envoy's %s has to be %s", field.Name(), field.Parent().Name(), wanted)
}

// any reads a message that says itself what it is. istiod may know types that
// are not known here, so what those have is not judged.
func (r *reader) any(field protoreflect.FieldDescriptor, value *structpb.Struct, at *rules.Place, depth int) {
	url := value.GetFields()["@type"]
	if url == nil {
		r.kind(field, at, "a message with its @type, such as type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua")
		return
	}
	name := protoreflect.FullName(url.GetStringValue()[strings.LastIndex(url.GetStringValue(), "/")+1:])
	message := r.types.message(name) // what is no name of a type at all is judged elsewhere
	if message == nil || name == anyName {
		return
	}
	if !isSpecial(message) {
		r.message(message, value, at, depth)
		return
	}
	// What has a form of its own in JSON stands in a field beside the type.
	for _, other := range rules.SortedKeys(value.GetFields()) {
		if other != "@type" && other != "value" {
			r.j.Doubt(at.Field(other), "beside the @type of a %s there is one field, value, and not %s", message.Name(), other)
		}
	}
	inner := value.GetFields()["value"]
	switch {
	case inner == nil && name == "google.protobuf.Empty":
		return
	case inner == nil:
		r.j.Wrong(at, "what a %s is stands in the field value beside its @type", message.Name())
		return
	}
	fault, _ := specialFault(message.FullName(), inner)
	if wrapped := wrappedField(message); wrapped != nil {
		fault = scalarFault(wrapped, inner)
	}
	if fault != "" {
		r.j.Wrong(at.Field("value"), "a %s has to be %s", message.Name(), fault)
	}
}

func isSpecial(message protoreflect.MessageDescriptor) bool {
	_, special := specialFault(message.FullName(), nil)
	return special || wrappedField(message) != nil
}

// wrappedField is the field of a message that stands for a value or none.
func wrappedField(message protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	wrappers := []protoreflect.FullName{
		"google.protobuf.BoolValue", "google.protobuf.BytesValue", "google.protobuf.DoubleValue", "google.protobuf.FloatValue",
		"google.protobuf.Int32Value", "google.protobuf.Int64Value", "google.protobuf.StringValue", "google.protobuf.UInt32Value", "google.protobuf.UInt64Value",
	}
	if slices.Contains(wrappers, message.FullName()) {
		return message.Fields().ByName("value")
	}
	return nil
}
