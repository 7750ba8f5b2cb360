// Package decode fills typed structs from the nodes of a document: Kubernetes
// types by their json tags, Istio's types by their protobuf descriptors.
//
// It does what encoding/json and protojson do, in one step from the parsed text
// and without stopping: fields nobody knows and values of the wrong kind are
// returned as problems, with their paths, and everything else is filled in.
package decode

import (
	"encoding/json"
	"reflect"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshctl/meshctl/internal/object"
)

// Problem is something in a document that its type does not allow.
type Problem struct {
	Reason Reason
	Path   object.Path
	// Message says what is wrong in a few words, without the path.
	Message string
	// Known are the names that would have been allowed here.
	Known []string
}

// Reason tells problems apart.
type Reason string

// What can be wrong with a field.
const (
	// UnknownField is a field that the type does not have.
	UnknownField Reason = "unknown field"
	// WrongType is a value of the wrong kind, such as a text for a number.
	WrongType Reason = "wrong type"
	// UnknownValue is a word that is not in the list of allowed words.
	UnknownValue Reason = "unknown value"
)

// Decoder remembers how types are filled, and values that it has seen. The zero
// value is ready; it is not safe for concurrent use. What it fills may share
// parts with what it filled before, and must not be changed.
type Decoder struct {
	structs  map[reflect.Type]*plan
	values   map[reflect.Type]map[string]reflect.Value
	messages map[protoreflect.FieldDescriptor]map[string]protoreflect.Value
	key      []byte
	trail    object.Trail
}

// Into fills target, a pointer to a struct or a protobuf message, from node.
// path is where node stands in its object.
func (d *Decoder) Into(node *object.Node, target any, path object.Path) []Problem {
	run := run{decoder: d}
	if d.trail == nil {
		d.trail = object.TrailFrom(nil)
	}
	d.trail = append(d.trail[:0], path...)
	if message, ok := target.(proto.Message); ok {
		run.message(node, message.ProtoReflect(), d.trail)
	} else {
		run.value(node, reflect.ValueOf(target).Elem(), d.trail)
	}
	return run.problems
}

// run is the decoding of one document.
type run struct {
	decoder  *Decoder
	problems []Problem
}

func (r *run) wrong(path object.Trail, node *object.Node, want string) {
	r.problems = append(r.problems, Problem{Reason: WrongType, Path: path.Path(), Message: "must be " + want + ", not " + node.Kind.String()})
}

func (r *run) failed(path object.Trail, err error) {
	r.problems = append(r.problems, Problem{Reason: WrongType, Path: path.Path(), Message: err.Error()})
}

// unmarshaler fills a value that reads its own JSON, such as a Quantity.
func (r *run) unmarshaler(node *object.Node, target json.Unmarshaler, path object.Trail) {
	if err := target.UnmarshalJSON(node.AppendJSON(nil)); err != nil {
		r.failed(path, err)
	}
}
