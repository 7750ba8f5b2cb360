package decode

import (
	"encoding/binary"
	"reflect"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshctl/meshctl/internal/object"
)

// Objects of a mesh are made from templates, so most of what they say below the
// top is said a thousand times: the same probes, retries, ports. Such values are
// decoded once and shared, which saves half of the memory and some of the work.
// Nobody changes what was decoded, so nobody can tell.
const (
	longestShared = 512  // bytes of a key: what is larger is seldom there twice
	mostShared    = 4096 // values of one type: then it starts anew
)

// shared fills a list, a map or a pointer with a value that was decoded before,
// or decodes it and remembers it if there was nothing wrong with it.
func (r *run) shared(node *object.Node, target reflect.Value, path object.Trail) {
	key, ok := r.decoder.keyOf(node)
	if !ok || node.Kind != object.MapNode && node.Kind != object.ListNode {
		r.fill(node, target, path)
		return
	}
	known := r.decoder.values[target.Type()]
	if value, ok := known[string(key)]; ok {
		target.Set(value)
		return
	}
	name, problems := string(key), len(r.problems)
	r.fill(node, target, path)
	if len(r.problems) > problems {
		return
	}
	if r.decoder.values == nil {
		r.decoder.values = map[reflect.Type]map[string]reflect.Value{}
	}
	remember(r.decoder.values, target.Type(), name, reflect.ValueOf(target.Interface()))
}

// sharedField is shared for the field of a message.
func (r *run) sharedField(node *object.Node, target protoreflect.Message, field protoreflect.FieldDescriptor, path object.Trail) {
	key, ok := r.decoder.keyOf(node)
	if !ok || target.Has(field) {
		r.field(node, target, field, path)
		return
	}
	if value, ok := r.decoder.messages[field][string(key)]; ok {
		target.Set(field, value)
		return
	}
	name, problems := string(key), len(r.problems)
	r.field(node, target, field, path)
	if len(r.problems) > problems || !target.Has(field) {
		return
	}
	if r.decoder.messages == nil {
		r.decoder.messages = map[protoreflect.FieldDescriptor]map[string]protoreflect.Value{}
	}
	remember(r.decoder.messages, field, name, target.Get(field))
}

func remember[T comparable, V any](all map[T]map[string]V, of T, key string, value V) {
	values := all[of]
	if values == nil || len(values) >= mostShared {
		values = map[string]V{}
		all[of] = values
	}
	values[key] = value
}

// keyOf is a text that only nodes have that say the same. It is good until the
// next call. ok is false for nodes that say a lot.
func (d *Decoder) keyOf(node *object.Node) (key []byte, ok bool) {
	d.key, ok = appendKey(d.key[:0], node)
	return d.key, ok
}

func appendKey(key []byte, node *object.Node) (_ []byte, ok bool) {
	if len(key)+len(node.Key)+len(node.Text) > longestShared {
		return key, false
	}
	key = append(key, byte(node.Kind))
	key = append(binary.AppendUvarint(key, uint64(len(node.Key))), node.Key...)
	key = append(binary.AppendUvarint(key, uint64(len(node.Text))), node.Text...)
	key = binary.AppendUvarint(key, uint64(len(node.Children)))
	for i := range node.Children {
		if key, ok = appendKey(key, &node.Children[i]); !ok {
			return key, false
		}
	}
	return key, true
}
