package inject

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// templates are the parsed templates of an injector, by name.
type templates map[string]*template.Template

// parseTemplates parses all of them: like istiod it takes a configuration as a
// whole or not at all.
func parseTemplates(texts, env map[string]string) (templates, error) {
	parsed := templates{}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		var err error
		if parsed[name], err = parseTemplate(name, texts[name], env); err != nil {
			return nil, err
		}
	}
	return parsed, nil
}

func parseTemplate(name, text string, env map[string]string) (*template.Template, error) {
	parsed, err := template.New(name).Funcs(functions(env)).Parse(text)
	if err != nil {
		return nil, &TemplateError{Name: name, Err: err}
	}
	return parsed, nil
}

// TemplateError is a template that cannot be parsed or run, or whose output is no pod.
type TemplateError struct {
	Name string
	Err  error
}

func (e *TemplateError) Error() string {
	return fmt.Sprintf("injection template %q: %v", e.Name, e.Err)
}
func (e *TemplateError) Unwrap() error { return e.Err }

// UnknownTemplateError is a template that a pod asks for and the injector does not have.
type UnknownTemplateError struct {
	Name  string
	Known []string
}

func (e *UnknownTemplateError) Error() string {
	return fmt.Sprintf("there is no injection template %q; the injector has %s", e.Name, strings.Join(e.Known, ", "))
}

// templateContext is what a template sees. Templates are data that may come from
// any control plane, so the names are those that istiod has.
type templateContext struct {
	TypeMeta                 metav1.TypeMeta
	DeploymentMeta           types.NamespacedName
	ObjectMeta               *metav1.ObjectMeta
	Spec                     *corev1.PodSpec
	ProxyConfig              *meshconfig.ProxyConfig
	MeshConfig               *meshconfig.MeshConfig
	Values                   map[string]any
	Revision                 string
	NativeSidecars           bool
	ProxyImage               string
	ProxyUID, ProxyGID       int64
	InboundTrafficPolicyMode string
	CompliancePolicy         string
}

func (r *run) context() *templateContext {
	workload, kind := workloadOf(r.stripped)
	inbound := "passthrough"
	if r.Mesh.GetInboundTrafficPolicy().GetMode() == meshconfig.MeshConfig_InboundTrafficPolicy_LOCALHOST {
		inbound = "localhost"
	}
	return &templateContext{
		TypeMeta: kind, DeploymentMeta: workload,
		ObjectMeta: &r.stripped.ObjectMeta, Spec: &r.stripped.Spec,
		ProxyConfig: r.proxy, MeshConfig: r.Mesh, Values: r.Values,
		Revision: r.revision(), NativeSidecars: r.nativeHere,
		ProxyImage: r.values.proxyImage(r.proxy, r.original.Annotations),
		ProxyUID:   r.uid, ProxyGID: r.gid,
		InboundTrafficPolicyMode: inbound, CompliancePolicy: r.Compliance,
	}
}

func (in *Injector) revision() string { return revisionOr(in.Revision) }

// Templates are the names of the templates that a pod is injected with.
func (c Config) templatesFor(annotations map[string]string) []string {
	names := c.DefaultTemplates
	if len(names) == 0 {
		names = []string{sidecarName}
	}
	if asked, ok := annotations[templatesAnnotation]; ok {
		names = nil
		for name := range strings.SplitSeq(asked, ",") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	var resolved []string
	for _, name := range names {
		if several, ok := c.Aliases[name]; ok {
			resolved = append(resolved, several...)
			continue
		}
		resolved = append(resolved, name)
	}
	return resolved
}

// applyTemplates lays one template after the other over the pod.
func (r *run) applyTemplates() error {
	context := r.context()
	for _, name := range r.Config.templatesFor(r.original.Annotations) {
		parsed, ok := r.templates[name]
		if !ok {
			return &UnknownTemplateError{Name: name, Known: slices.Sorted(maps.Keys(r.templates))}
		}
		patch, err := r.execute(parsed, context)
		if err == nil {
			err = r.lay(patch)
		}
		if err != nil {
			return &TemplateError{Name: name, Err: err}
		}
	}
	r.names = namesOf(r.added)
	return nil
}

// lay merges what a template made into the pod, and into all that templates add.
func (r *run) lay(patch map[string]any) error {
	var err error
	if r.added, err = mergePod(r.added, namesIn(patch)); err != nil {
		return err
	}
	if r.native && hasContainer(r.added, "initContainers", proxyContainer) {
		moveToInit(r.merged, proxyContainer)
	}
	r.merged, err = mergePod(r.merged, patch)
	return err
}

func (in *Injector) execute(parsed *template.Template, context *templateContext) (map[string]any, error) {
	var text bytes.Buffer
	text.Grow(int(in.longest.Load()))
	if err := parsed.Execute(&text, context); err != nil {
		return nil, err
	}
	if length := int64(text.Len()); length > in.longest.Load() {
		in.longest.Store(length)
	}
	patch, err := in.parsers.fields(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("what it makes is no YAML: %w", err)
	}
	return patch, nil
}
