package inject

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	meshconfig "istio.io/api/mesh/v1alpha1"
	networking "istio.io/api/networking/v1beta1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/meshctl/meshctl/internal/object"
)

// ProxyConfig is a ProxyConfig resource: settings for the proxies of a
// namespace, of some pods in it, or of the whole mesh.
type ProxyConfig struct {
	Name, Namespace string
	Created         time.Time
	Spec            *networking.ProxyConfig
}

// ReadProxyConfig reads a ProxyConfig resource.
func ReadProxyConfig(o object.Object) (ProxyConfig, error) {
	spec := &networking.ProxyConfig{}
	text, err := json.Marshal(o.Object["spec"])
	if err == nil && string(text) != "null" {
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(text, spec)
	}
	if err != nil {
		return ProxyConfig{}, fmt.Errorf("reading %s: %w", o.Ref(), err)
	}
	return ProxyConfig{
		Name: o.GetName(), Namespace: o.GetNamespace(),
		Created: o.GetCreationTimestamp().Time, Spec: spec,
	}, nil
}

// settings are what a resource can say about a proxy.
func (c ProxyConfig) settings() *meshconfig.ProxyConfig {
	config := &meshconfig.ProxyConfig{
		Concurrency:   c.Spec.GetConcurrency(),
		ProxyMetadata: c.Spec.GetEnvironmentVariables(),
	}
	if image := c.Spec.GetImage(); image != nil {
		config.Image = &networking.ProxyImage{ImageType: image.GetImageType()}
	}
	return config
}

// proxyConfig is what holds for the proxy of one pod. The nearer layer wins: the
// mesh, its root namespace, the pod's namespace, the pod's annotation, and a
// resource that selects the pod. Nobody changes it afterwards: pods for which
// only the mesh has something to say share it.
func (in *Injector) proxyConfig(pod *corev1.Pod) (*meshconfig.ProxyConfig, error) {
	if standard := in.Mesh.GetDefaultConfig(); standard != nil && len(in.ProxyConfigs) == 0 && strings.TrimSpace(pod.Annotations[configAnnotation]) == "" {
		return standard, nil
	}
	effective := proto.CloneOf(in.Mesh.GetDefaultConfig())
	root := in.Mesh.GetRootNamespace()
	layers := []func(ProxyConfig) bool{
		func(c ProxyConfig) bool { return c.Namespace == root && c.forAll() },
		func(c ProxyConfig) bool { return c.Namespace == pod.Namespace && root != pod.Namespace && c.forAll() },
	}
	for _, applies := range layers {
		in.overlayOldest(effective, applies)
	}
	if text := pod.Annotations[configAnnotation]; strings.TrimSpace(text) != "" {
		own := &meshconfig.ProxyConfig{}
		if err := readProto([]byte(text), own); err != nil {
			return nil, fmt.Errorf("reading annotation %s: %w", configAnnotation, err)
		}
		overlay(effective, own)
	}
	in.overlayOldest(effective, func(c ProxyConfig) bool {
		return c.Namespace == pod.Namespace && !c.forAll() &&
			labels.SelectorFromSet(c.Spec.GetSelector().GetMatchLabels()).Matches(labels.Set(pod.Labels))
	})
	return effective, nil
}

func (c ProxyConfig) forAll() bool { return len(c.Spec.GetSelector().GetMatchLabels()) == 0 }

// overlayOldest applies one of the resources that fit: more than one of a kind
// is a mistake, and the first to come is the one that keeps working.
func (in *Injector) overlayOldest(effective *meshconfig.ProxyConfig, applies func(ProxyConfig) bool) {
	var fitting []ProxyConfig
	for _, c := range in.ProxyConfigs {
		if applies(c) {
			fitting = append(fitting, c)
		}
	}
	if len(fitting) == 0 {
		return
	}
	oldest := slices.MinFunc(fitting, func(a, b ProxyConfig) int {
		if byAge := a.Created.Compare(b.Created); byAge != 0 {
			return byAge
		}
		return strings.Compare(a.Name, b.Name)
	})
	overlay(effective, oldest.settings())
}
