package inject

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"sync/atomic"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	meshconfig "istio.io/api/mesh/v1alpha1"
)

func omitKeys(from map[string]string, keys ...string) map[string]string {
	kept := maps.Clone(from)
	maps.DeleteFunc(kept, func(key, _ string) bool { return slices.Contains(keys, key) })
	return kept
}

// pairs makes a map of keys and values in turn; the last may lack its value.
func pairs(keysAndValues ...string) map[string]string {
	made := map[string]string{}
	for pair := range slices.Chunk(keysAndValues, 2) {
		made[pair[0]] = ""
		if len(pair) > 1 {
			made[pair[0]] = pair[1]
		}
	}
	return made
}

func mergeMaps(all ...map[string]string) map[string]string {
	merged := map[string]string{}
	for _, one := range all {
		maps.Copy(merged, one)
	}
	return merged
}

// omitNil drops what is null, and what has nothing left in it.
func omitNil(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, element := range value {
			if element := omitNil(element); element != nil {
				kept[key] = element
			}
		}
		if len(kept) > 0 {
			return kept
		}
		return nil
	case []any:
		var kept []any
		for _, element := range value {
			if element := omitNil(element); element != nil {
				kept = append(kept, element)
			}
		}
		if len(kept) > 0 {
			return kept
		}
		return nil
	}
	return value
}

// protoWriter prints messages, and a proxy's configuration that most pods share
// only once.
type protoWriter struct{ last atomic.Pointer[printed] }

// printed keeps its message, so that no other can have its address.
type printed struct {
	proxy *meshconfig.ProxyConfig
	text  string
}

func (w *protoWriter) json(message proto.Message) string {
	proxy, ok := message.(*meshconfig.ProxyConfig)
	if !ok {
		return protoJSON(message)
	}
	if last := w.last.Load(); last != nil && last.proxy == proxy {
		return last.text
	}
	text := protoJSON(message)
	w.last.Store(&printed{proxy: proxy, text: text})
	return text
}

// protoJSON prints a message on one line. Of a ProxyConfig it prints only what
// somebody configured: the agent knows the defaults.
func protoJSON(message proto.Message) string {
	if proxy, ok := message.(*meshconfig.ProxyConfig); ok {
		message = withoutDefaults(proxy)
	}
	// The library puts blanks here and there, so that nobody relies on its spacing.
	loose, err := protojson.Marshal(message)
	if err != nil {
		return ""
	}
	var text bytes.Buffer
	if err := json.Compact(&text, loose); err != nil {
		return ""
	}
	return text.String()
}

func withoutDefaults(proxy *meshconfig.ProxyConfig) *meshconfig.ProxyConfig {
	proxy = proto.CloneOf(proxy)
	own, standard := proxy.ProtoReflect(), defaultProxy().ProtoReflect()
	standard.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if own.Has(field) && own.Get(field).Equal(value) {
			own.Clear(field)
		}
		return true
	})
	return proxy
}
