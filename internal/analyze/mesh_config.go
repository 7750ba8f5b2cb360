package analyze

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

// configure finds the mesh configuration: the document given, else what the
// ConfigMap of the control plane says.
func (b *builder) configure(m *Mesh) {
	config, networks := new(meshapi.MeshConfig), new(meshapi.MeshNetworks)
	m.config = Of[meshapi.MeshConfig]{b.embedded(m, MeshConfig, b.input.MeshConfig, "mesh", config), config}
	m.networks = Of[meshapi.MeshNetworks]{b.embedded(m, MeshNetworks, b.input.MeshNetworks, "meshNetworks", networks), networks}
	if config.RootNamespace == "" {
		config.RootNamespace = m.Settings.IstioNamespace
	}
	if config.TrustDomain == "" {
		config.TrustDomain = "cluster.local"
	}
	if config.EnableAutoMtls == nil {
		config.EnableAutoMtls = wrapperspb.Bool(true)
	}
	if config.OutboundTrafficPolicy == nil {
		config.OutboundTrafficPolicy = &meshapi.MeshConfig_OutboundTrafficPolicy{Mode: meshapi.MeshConfig_OutboundTrafficPolicy_ALLOW_ANY}
	}
	if config.DefaultConfig == nil {
		config.DefaultConfig = &meshapi.ProxyConfig{}
	}
}

// embedded reads a configuration that is a text in a ConfigMap, or a file.
func (b *builder) embedded(m *Mesh, kind Kind, given *object.Document, key string, target proto.Message) *Resource {
	r := &Resource{Kind: kind, Cluster: m.cluster, Namespace: m.Settings.IstioNamespace, Name: strings.ToLower(string(kind))}
	text, base := given, object.Field("spec")
	if given != nil {
		r.origin = origin{document: given, spec: true}
	} else {
		// A part of a ConfigMap has no lines of its own; all findings are placed at its key.
		text, base = b.fromConfigMap(m, key, r), nil
	}
	if text == nil {
		return r
	}
	root, err := object.Parse(text.Text)
	if err != nil {
		m.unread = append(m.unread, syntaxError(text, err))
		return r
	}
	r.Problems = new(decode.Decoder).Into(&root, target, base)
	return r
}

func (b *builder) fromConfigMap(m *Mesh, key string, r *Resource) *object.Document {
	names := []string{"istio"}
	if revision := m.Settings.Revision; revision != "" && revision != "default" {
		names = []string{"istio-" + revision, "istio"}
	}
	for _, name := range names {
		configMap, ok := m.ConfigMaps().Get(m.Settings.IstioNamespace, name)
		if !ok || configMap.Spec.Data[key] == "" {
			continue
		}
		r.origin = configMap.origin
		r.origin.within = slices.Concat(r.origin.within, object.Path{{Name: "data"}, {Name: key}})
		source := object.Source{}
		if configMap.origin.document != nil {
			source = configMap.origin.document.Source
		}
		return &object.Document{Source: source, Text: []byte(configMap.Spec.Data[key])}
	}
	return nil
}
