// Package inject does to a pod what istiod's webhook does when the pod is
// created, and the reverse, without a cluster.
//
// The steps, a file each: decide.go says whether and why, annotations.go what
// the pod may ask for, proxyconfig.go and image.go what its proxy is like,
// template.go runs the templates, merge.go lays them over the pod, overrides.go
// lets the user's own containers win, and finish.go with scrape.go, probes.go
// and order.go does the rest. workload.go knows where kinds of workloads keep
// their pod, nodes.go reads the user's text, edit.go writes the result into it,
// and uninject.go takes it out again.
//
// It imports nothing of ours but object, and reads no clock, file or variable.
package inject

import (
	"fmt"
	"sync/atomic"

	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// The names that an injection goes by.
const (
	proxyContainer = "istio-proxy"
	initContainer  = "istio-init"
	checkContainer = "istio-validation"

	statusAnnotation    = "sidecar.istio.io/status"
	overridesAnnotation = "proxy.istio.io/overrides"
	templatesAnnotation = "inject.istio.io/templates"
	nativeAnnotation    = "sidecar.istio.io/nativeSidecar"
	configAnnotation    = "proxy.istio.io/config"
	modeAnnotation      = "sidecar.istio.io/interceptionMode"
	injectLabel         = "sidecar.istio.io/inject"
	networkLabel        = "topology.istio.io/network"
)

// proxyID is the user and group that a proxy runs as where nothing else is said.
const proxyID = 1337

// Settings are all that an injection depends on besides the pod.
type Settings struct {
	Config Config
	// Values are what the control plane was installed with, as far as templates see them.
	Values map[string]any
	Mesh   *meshconfig.MeshConfig
	// Revision of the control plane; empty means default.
	Revision string
	// Native makes the proxy an init container that goes on running.
	Native bool
	// NativeNodes says the same for pods that are bound to one of these nodes already.
	NativeNodes map[string]bool
	// OpenShift takes user ids from the annotations of namespaces.
	OpenShift bool
	// Compliance is the policy that istiod runs under, such as fips-140-2.
	Compliance string
	// ProxyEnv are variables that the path of the webhook's URL gives to proxies.
	ProxyEnv map[string]string
	// Env are variables of istiod itself, for templates that ask for them.
	Env map[string]string
	// Namespaces by name, with their labels and annotations.
	Namespaces map[string]Namespace
	// ProxyConfigs are the ProxyConfig resources of the mesh.
	ProxyConfigs []ProxyConfig
}

// Namespace is what of a namespace counts for the pods in it.
type Namespace struct {
	Labels, Annotations map[string]string
}

// Injector injects pods by one set of settings. It may be used by several goroutines.
type Injector struct {
	Settings
	templates templates
	values    typedValues
	parsers   *parsers
	// longest is how much text a template made at most: the next makes about as much.
	longest *atomic.Int64
}

// New checks settings and parses their templates.
func New(settings Settings) (*Injector, error) {
	if settings.Mesh == nil {
		settings.Mesh = defaultMesh()
	}
	parsed, err := parseTemplates(settings.Config.Templates, settings.Env)
	if err != nil {
		return nil, err
	}
	values, err := readValues(settings.Values)
	if err != nil {
		return nil, err
	}
	return &Injector{Settings: settings, templates: parsed, values: values, parsers: &parsers{}, longest: &atomic.Int64{}}, nil
}

// Pod injects a pod as it is created, whatever Decide says about it. The pod
// itself is left as it is.
func (in *Injector) Pod(original *corev1.Pod) (*corev1.Pod, error) {
	if err := checkAnnotations(original.Annotations); err != nil {
		return nil, err
	}
	run, err := in.begin(original)
	if err != nil {
		return nil, err
	}
	if err := run.applyTemplates(); err != nil {
		return nil, err
	}
	if err := run.applyOverrides(); err != nil {
		return nil, err
	}
	pod, err := run.typed()
	if err != nil {
		return nil, err
	}
	run.shareUser(pod)
	if err := run.finish(pod); err != nil {
		return nil, err
	}
	return pod, nil
}

// run is one injection under way.
type run struct {
	*Injector
	// original is the pod as it came, with the namespace's user id in force.
	original *corev1.Pod
	// before is what an earlier injection added; nil is none.
	before *Status
	saved  overrides
	// stripped is the pod without an earlier injection, as templates see it.
	stripped *corev1.Pod
	proxy    *meshconfig.ProxyConfig
	// native is what counts for this pod, nativeHere where it is to run.
	native, nativeHere bool

	uid, gid int64
	env      map[string]string

	// merged becomes the result; added is what all templates together add, as far
	// as it has names.
	merged, added map[string]any
	// names are those of all that templates add.
	names Status
	// own is the proxy container that the user wrote.
	own *corev1.Container
}

func (in *Injector) begin(original *corev1.Pod) (*run, error) {
	r := &run{Injector: in, original: original, uid: proxyID, gid: proxyID, nativeHere: in.nativeOn(original.Spec.NodeName)}
	r.native = r.nativeHere
	if in.OpenShift {
		if err := r.takeIDs(in.Namespaces[original.Namespace]); err != nil {
			return nil, err
		}
	}
	switch original.Annotations[nativeAnnotation] {
	case "true":
		r.native = true
	case "false":
		r.native = false
	}
	r.before = readStatus(r.original)
	var err error
	if r.saved, err = readOverrides(r.original); err != nil {
		return nil, err
	}
	r.stripped = r.strip()
	if r.proxy, err = in.proxyConfig(r.original); err != nil {
		return nil, err
	}
	r.env = in.proxyEnv(r.original)
	if r.merged, err = toMap(r.original); err != nil {
		return nil, err
	}
	r.added = map[string]any{}
	return r, nil
}

// typed reads the merged pod back.
func (r *run) typed() (*corev1.Pod, error) {
	pod := &corev1.Pod{}
	if err := fromMap(r.merged, pod); err != nil {
		return nil, fmt.Errorf("reading the merged pod: %w", err)
	}
	return pod, nil
}
