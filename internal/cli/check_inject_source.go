package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
)

// namespace is where objects are that name none.
func (s *injectScene) namespace(env *Env) string {
	if env.Global.Namespace != "" || !s.live {
		return nameOr(env.Global.Namespace, defaultNamespace)
	}
	cluster, err := env.Cluster()
	if err != nil {
		return defaultNamespace
	}
	return cluster.Namespace()
}

// fromCluster reads what decides in the cluster, and the object that is asked about.
func (o checkInjectOptions) fromCluster(ctx context.Context, env *Env, target *checkTarget) (*injectScene, error) {
	cluster, err := env.Cluster()
	if err != nil {
		return nil, err
	}
	scene := &injectScene{live: true, namespaces: map[string]inject.Namespace{}}
	namespace := target.namespaceOr(cluster.Namespace())
	if err := scene.readNamespace(ctx, cluster, namespace); err != nil {
		return nil, err
	}
	webhooks := schema.GroupKind{Group: "admissionregistration.k8s.io", Kind: "MutatingWebhookConfiguration"}
	objects, err := cluster.List(ctx, webhooks, object.Query{})
	if err != nil {
		return nil, err
	}
	if scene.cluster.Webhooks, err = inject.ReadWebhooks(objects); err != nil {
		return nil, err
	}
	err = scene.readConfigs(func(name string) ([]byte, error) {
		data, err := configMap(ctx, cluster, env.Global.IstioNamespace, name)
		if err != nil {
			return nil, err
		}
		return data("config"), nil
	})
	if err != nil || target == nil || target.isNamespace() {
		return scene, err
	}
	ref := object.Ref{Group: target.kind.Group, Kind: target.kind.Kind, Namespace: namespace, Name: target.name}
	found, ok, err := cluster.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &NotFoundTargetError{Ref: ref}
	}
	return scene, scene.add(found, namespace)
}

func (s *injectScene) readNamespace(ctx context.Context, cluster *kube.Cluster, name string) error {
	found, ok, err := cluster.Get(ctx, object.Ref{Kind: "Namespace", Name: name})
	if err != nil {
		return err
	}
	if !ok {
		s.warnings = append(s.warnings, fmt.Sprintf("there is no namespace %s; the answer is for one without labels", name))
	}
	s.namespaces[name] = inject.Namespace{Labels: found.GetLabels(), Annotations: found.GetAnnotations()}
	return nil
}

// readConfigs reads the configuration of the injector of every revision. One
// that is not there is left out, and said where it is missed.
func (s *injectScene) readConfigs(read func(name string) ([]byte, error)) error {
	s.cluster.Configs = map[string]inject.Config{}
	for _, webhook := range s.cluster.Webhooks {
		if _, known := s.cluster.Configs[webhook.Revision]; known {
			continue
		}
		source := injectSource{config: configFlags{revision: webhook.Revision}}
		text, err := read(injectMapName + source.suffix())
		if _, missing := errors.AsType[*NoInjectorError](err); missing {
			continue
		}
		if err != nil {
			return err
		}
		config, err := inject.ReadConfig(text)
		if err != nil {
			return fmt.Errorf("revision %s: %w", webhook.Revision, err)
		}
		s.cluster.Configs[webhook.Revision] = config
	}
	return nil
}

// add notes an object that has a pod.
func (s *injectScene) add(o object.Object, namespace string) error {
	kinds := inject.StandardKinds()
	pod, ok, err := inject.PodOf(o, kinds, namespace)
	if err != nil || !ok {
		return err
	}
	c := candidate{ref: o.Ref(), pod: pod}
	c.ref.Namespace = pod.Namespace
	if path := kinds[o.GetKind()]; path != "" {
		c.path = strings.Split(path, ".")
	}
	s.pods = append(s.pods, c)
	return nil
}

// fromFiles reads all of it from manifests.
func (o checkInjectOptions) fromFiles(ctx context.Context, env *Env, target *checkTarget) (*injectScene, error) {
	manifests, err := readManifests(ctx, env, o.files)
	if err != nil {
		return nil, err
	}
	var objects []object.Object
	var around inject.Surroundings
	for _, m := range manifests {
		decoded, err := object.Decode(m.name, m.text)
		if err != nil {
			return nil, err
		}
		for _, o := range opened(decoded) {
			if err := around.Add(o); err != nil {
				return nil, err
			}
			objects = append(objects, o)
		}
	}
	scene := &injectScene{namespaces: around.Namespaces}
	if scene.namespaces == nil {
		scene.namespaces = map[string]inject.Namespace{}
	}
	if err := scene.readMesh(env, objects); err != nil || target.isNamespace() || o.labelled {
		return scene, err
	}
	for _, o := range objects {
		if err := scene.add(o, scene.namespace(env)); err != nil {
			return nil, err
		}
	}
	return scene, scene.keep(env, target)
}

// keep leaves only the object that is asked about.
func (s *injectScene) keep(env *Env, target *checkTarget) error {
	if target == nil {
		return nil
	}
	var known []string
	for _, c := range s.pods {
		known = append(known, c.ref.String())
	}
	s.pods = slices.DeleteFunc(s.pods, func(c candidate) bool {
		other := env.Global.Namespace != "" && env.Global.Namespace != c.ref.Namespace
		return c.ref.Kind != target.kind.Kind || c.ref.Name != target.name || other
	})
	if len(s.pods) == 0 {
		return &NotFoundTargetError{Ref: object.Ref{Kind: target.kind.Kind, Namespace: env.Global.Namespace, Name: target.name}, Known: known}
	}
	return nil
}

// readMesh finds webhooks and configurations among objects; without webhooks
// those of a standard installation count.
func (s *injectScene) readMesh(env *Env, objects []object.Object) error {
	var err error
	if s.cluster.Webhooks, err = inject.ReadWebhooks(objects); err != nil {
		return err
	}
	if len(s.cluster.Webhooks) == 0 {
		texts, err := (&injectSource{}).fromCharts(env)
		if err != nil {
			return err
		}
		objects = texts.objects
		if s.cluster.Webhooks, err = inject.ReadWebhooks(objects); err != nil {
			return err
		}
	}
	return s.readConfigs(func(name string) ([]byte, error) {
		for _, o := range objects {
			if o.GetKind() == "ConfigMap" && o.GetName() == name {
				data, _ := o.Object["data"].(map[string]any)
				text, _ := data["config"].(string)
				return []byte(text), nil
			}
		}
		return nil, &NoInjectorError{Missing: object.Ref{Kind: "ConfigMap", Namespace: env.Global.IstioNamespace, Name: name}}
	})
}

// opened puts the items of Lists in their place.
func opened(objects []object.Object) []object.Object {
	var all []object.Object
	for _, o := range objects {
		items, ok := o.Object["items"].([]any)
		if !ok || !strings.HasSuffix(o.GetKind(), "List") {
			all = append(all, o)
			continue
		}
		for _, item := range items {
			if fields, ok := item.(map[string]any); ok {
				all = append(all, opened([]object.Object{object.New(fields, o.Source)})...)
			}
		}
	}
	return all
}
