package envoyfilter

import (
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	networking "istio.io/api/networking/v1alpha3"
)

//go:embed envoy.binpb.gz
var packedTypes string

// envoyTypes are the messages of Envoy's configuration. They are read when the
// first is asked for: most meshes have no EnvoyFilter, and pay nothing.
type envoyTypes struct {
	once  sync.Once
	files *protoregistry.Files
	err   error
}

// message is nil if there is no message of the name.
func (t *envoyTypes) message(name protoreflect.FullName) protoreflect.MessageDescriptor {
	t.once.Do(func() { t.files, t.err = readTypes() })
	if t.err != nil {
		return nil
	}
	found, err := t.files.FindDescriptorByName(name)
	if err != nil {
		return nil
	}
	message, _ := found.(protoreflect.MessageDescriptor)
	return message
}

// readTypes unpacks what tools/envoygen has written.
func readTypes() (*protoregistry.Files, error) {
	unpacked, err := gzip.NewReader(strings.NewReader(packedTypes))
	if err != nil {
		return nil, fmt.Errorf("unpacking Envoy's types: %w", err)
	}
	raw, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("unpacking Envoy's types: %w", err)
	}
	set := &descriptorpb.FileDescriptorSet{}
	if err := proto.Unmarshal(raw, set); err != nil {
		return nil, fmt.Errorf("decoding Envoy's types: %w", err)
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, fmt.Errorf("linking Envoy's types: %w", err)
	}
	return files, nil
}

// typeOf is the message that the value of a patch becomes.
func typeOf(applyTo networking.EnvoyFilter_ApplyTo) protoreflect.FullName {
	switch applyTo {
	case networking.EnvoyFilter_LISTENER:
		return "envoy.config.listener.v3.Listener"
	case networking.EnvoyFilter_FILTER_CHAIN:
		return "envoy.config.listener.v3.FilterChain"
	case networking.EnvoyFilter_NETWORK_FILTER:
		return "envoy.config.listener.v3.Filter"
	case networking.EnvoyFilter_LISTENER_FILTER:
		return "envoy.config.listener.v3.ListenerFilter"
	case networking.EnvoyFilter_HTTP_FILTER:
		return "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter"
	case networking.EnvoyFilter_ROUTE_CONFIGURATION:
		return "envoy.config.route.v3.RouteConfiguration"
	case networking.EnvoyFilter_VIRTUAL_HOST:
		return "envoy.config.route.v3.VirtualHost"
	case networking.EnvoyFilter_HTTP_ROUTE:
		return "envoy.config.route.v3.Route"
	case networking.EnvoyFilter_CLUSTER:
		return "envoy.config.cluster.v3.Cluster"
	case networking.EnvoyFilter_EXTENSION_CONFIG:
		return "envoy.config.core.v3.TypedExtensionConfig"
	case networking.EnvoyFilter_BOOTSTRAP:
		return "envoy.config.bootstrap.v3.Bootstrap"
	}
	return ""
}
