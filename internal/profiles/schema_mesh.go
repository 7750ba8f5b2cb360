package profiles

import (
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	mesh "istio.io/api/mesh/v1alpha1"
)

// meshConfigSchema is the schema of MeshConfig, as the API's descriptor has it.
func meshConfigSchema() *schema {
	found := schemaOfMessage((*mesh.MeshConfig)(nil).ProtoReflect().Descriptor())
	found.isMessage = true
	return found
}

func schemaOfMessage(message protoreflect.MessageDescriptor) *schema {
	switch message.FullName() {
	case "google.protobuf.Duration":
		return textThat(isDuration)
	case "google.protobuf.BoolValue":
		return is(boolean)
	case "google.protobuf.Int32Value", "google.protobuf.Int64Value", "google.protobuf.UInt32Value", "google.protobuf.UInt64Value":
		return is(integer)
	case "google.protobuf.FloatValue", "google.protobuf.DoubleValue":
		return is(decimal)
	case "google.protobuf.StringValue", "google.protobuf.Timestamp":
		return is(text)
	case "google.protobuf.Struct", "google.protobuf.Any", "google.protobuf.Value", "google.protobuf.ListValue":
		return is(anything)
	}
	// Lazy: messages contain each other, and few are needed.
	found := lazy(func() fieldTable {
		fields := fieldTable{}
		for i := range message.Fields().Len() {
			field := message.Fields().Get(i)
			fields[field.JSONName()] = schemaOfField(field)
			if name := string(field.Name()); name != field.JSONName() {
				alias := *fields[field.JSONName()]
				alias.hidden = true // accepted, but nobody should be led to it
				fields[name] = &alias
			}
		}
		return fields
	})
	found.rivals = func() [][]string { return rivalsIn(message) }
	return found
}

// rivalsIn lists the fields of each "oneof" of a message, in both spellings.
func rivalsIn(message protoreflect.MessageDescriptor) [][]string {
	rivals := make([][]string, message.Oneofs().Len())
	for i := range rivals {
		fields := message.Oneofs().Get(i).Fields()
		for j := range fields.Len() {
			field := fields.Get(j)
			rivals[i] = append(rivals[i], field.JSONName())
			if name := string(field.Name()); name != field.JSONName() {
				rivals[i] = append(rivals[i], name)
			}
		}
	}
	return rivals
}

func schemaOfField(field protoreflect.FieldDescriptor) *schema {
	switch {
	case field.IsMap():
		return mapOf(schemaOfValue(field.MapValue()))
	case field.IsList():
		return listOf(schemaOfValue(field))
	}
	found := schemaOfValue(field)
	if check := meshCheck(field.FullName()); check != nil {
		found.check = check
	}
	return found
}

// meshCheck is what the mesh asks of a field beyond its type.
func meshCheck(field protoreflect.FullName) checkFunc {
	switch strings.TrimPrefix(string(field), "istio.mesh.v1alpha1.") {
	case "MeshConfig.proxy_listen_port", "MeshConfig.proxy_http_port", "ProxyConfig.proxy_admin_port", "ProxyConfig.status_port":
		return isPort
	case "MeshConfig.connect_timeout":
		return isDurationFrom(time.Millisecond)
	case "ProxyConfig.drain_duration", "ProxyConfig.termination_drain_duration":
		return isDurationFrom(time.Second)
	case "MeshConfig.trust_domain", "MeshConfig.trust_domain_aliases":
		return isTrustDomain
	case "ProxyConfig.discovery_address", "Tracing.Zipkin.address", "Tracing.Lightstep.address", "RemoteService.address":
		return isAddress
	case "ProxyConfig.concurrency":
		return isCount
	case "Tracing.sampling":
		return isPercentage
	}
	return nil
}

func schemaOfValue(field protoreflect.FieldDescriptor) *schema {
	switch field.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return schemaOfMessage(field.Message())
	case protoreflect.EnumKind:
		values := field.Enum().Values()
		words := make([]string, values.Len())
		for i := range words {
			words[i] = string(values.Get(i).Name())
		}
		return oneOf(words...)
	case protoreflect.BoolKind:
		return is(boolean)
	case protoreflect.StringKind, protoreflect.BytesKind:
		return is(text)
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return is(decimal)
	default:
		return is(integer)
	}
}
