package inject

import (
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"sigs.k8s.io/yaml"
)

// defaultProxy is the configuration of a proxy that nobody configured.
func defaultProxy() *meshconfig.ProxyConfig {
	return &meshconfig.ProxyConfig{
		ConfigPath:               "./etc/istio/proxy",
		BinaryPath:               "/usr/local/bin/envoy",
		ClusterName:              &meshconfig.ProxyConfig_ServiceCluster{ServiceCluster: "istio-proxy"},
		DrainDuration:            durationpb.New(45 * time.Second),
		TerminationDrainDuration: durationpb.New(5 * time.Second),
		DiscoveryAddress:         "istiod.istio-system.svc:15012",
		ProxyAdminPort:           15000,
		ControlPlaneAuthPolicy:   meshconfig.AuthenticationPolicy_MUTUAL_TLS,
		StatNameLength:           189,
		StatusPort:               15020,
	}
}

func defaultMesh() *meshconfig.MeshConfig {
	return &meshconfig.MeshConfig{
		ProxyListenPort:        15001,
		ProxyInboundListenPort: 15006,
		IngressService:         "istio-ingressgateway",
		IngressControllerMode:  meshconfig.MeshConfig_STRICT,
		IngressClass:           "istio",
		TrustDomain:            "cluster.local",
		RootNamespace:          "istio-system",
		EnableAutoMtls:         wrapperspb.Bool(true),
		EnablePrometheusMerge:  wrapperspb.Bool(true),
		ConnectTimeout:         durationpb.New(10 * time.Second),
		DnsRefreshRate:         durationpb.New(time.Minute),
		OutboundTrafficPolicy:  &meshconfig.MeshConfig_OutboundTrafficPolicy{Mode: meshconfig.MeshConfig_OutboundTrafficPolicy_ALLOW_ANY},
		InboundTrafficPolicy:   &meshconfig.MeshConfig_InboundTrafficPolicy{Mode: meshconfig.MeshConfig_InboundTrafficPolicy_PASSTHROUGH},
		ExtensionProviders:     defaultProviders(),
		DefaultConfig:          defaultProxy(),
	}
}

func defaultProviders() []*meshconfig.MeshConfig_ExtensionProvider {
	type provider = meshconfig.MeshConfig_ExtensionProvider
	return []*provider{
		{Name: "prometheus", Provider: &meshconfig.MeshConfig_ExtensionProvider_Prometheus{
			Prometheus: &meshconfig.MeshConfig_ExtensionProvider_PrometheusMetricsProvider{},
		}},
		{Name: "stackdriver", Provider: &meshconfig.MeshConfig_ExtensionProvider_Stackdriver{
			Stackdriver: &meshconfig.MeshConfig_ExtensionProvider_StackdriverProvider{},
		}},
		{Name: "envoy", Provider: &meshconfig.MeshConfig_ExtensionProvider_EnvoyFileAccessLog{
			EnvoyFileAccessLog: &meshconfig.MeshConfig_ExtensionProvider_EnvoyFileAccessLogProvider{Path: "/dev/stdout"},
		}},
	}
}

// ReadMesh reads a MeshConfig, the key "mesh" of the ConfigMap istio, over the defaults.
func ReadMesh(text []byte) (*meshconfig.MeshConfig, error) {
	read := &meshconfig.MeshConfig{}
	if err := readProto(text, read); err != nil {
		return nil, fmt.Errorf("reading the mesh configuration: %w", err)
	}
	mesh := defaultMesh()
	proxy, providers := mesh.DefaultConfig, mesh.ExtensionProviders
	if read.DefaultConfig != nil {
		overlay(proxy, read.DefaultConfig)
	}
	for _, own := range read.ExtensionProviders {
		same := func(p *meshconfig.MeshConfig_ExtensionProvider) bool { return p.GetName() == own.GetName() }
		providers = append(slices.DeleteFunc(providers, same), own)
	}
	overlay(mesh, read)
	mesh.DefaultConfig, mesh.ExtensionProviders = proxy, providers
	return mesh, nil
}

// readProto reads YAML. Fields that this version does not know are passed over,
// as istiod does: a newer control plane may have written them.
func readProto(text []byte, into proto.Message) error {
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		return err
	}
	if string(asJSON) == "null" {
		return nil
	}
	return protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(asJSON, into)
}

// overlay sets in base every field that is set in over. Maps are merged by key.
func overlay(base, over proto.Message) {
	to := base.ProtoReflect()
	over.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if !field.IsMap() {
			to.Set(field, value)
			return true
		}
		into := to.Mutable(field).Map()
		value.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
			into.Set(key, value)
			return true
		})
		return true
	})
}
