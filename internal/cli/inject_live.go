package cli

import (
	"context"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
)

// NoInjectorError is a cluster without the configuration of an injector.
type NoInjectorError struct{ Missing object.Ref }

func (e *NoInjectorError) Error() string {
	return fmt.Sprintf("the cluster has no %s, so there is no injector to take the configuration of", e.Missing)
}

func noInjectorHints(e *NoInjectorError) []string {
	return []string{
		"'kubectl get configmaps -n " + e.Missing.Namespace + "' shows what is there; --revision and --istio-namespace choose another",
		"without --from-cluster the built-in charts and the default profile say what to inject",
	}
}

// fromLive reads what the control plane in the cluster is configured with. What
// files say needs not be there.
func (s *injectSource) fromLive(ctx context.Context, env *Env, around *inject.Surroundings) (*injectTexts, error) {
	cluster, err := env.Cluster()
	if err != nil {
		return nil, err
	}
	texts := &injectTexts{}
	namespace := env.Global.IstioNamespace
	if s.injectFile == "" || s.valuesFile == "" {
		data, err := configMap(ctx, cluster, namespace, nameOr(s.injectMap, injectMapName+s.suffix()))
		if err != nil {
			return nil, err
		}
		texts.config, texts.values = data("config"), data("values")
	}
	if s.meshFile == "" {
		data, err := configMap(ctx, cluster, namespace, nameOr(s.meshMap, meshMapName+s.suffix()))
		if err != nil {
			return nil, err
		}
		texts.mesh = data("mesh")
	}
	for _, kind := range []schema.GroupKind{
		{Kind: "Namespace"},
		{Group: "networking.istio.io", Kind: "ProxyConfig"},
	} {
		objects, err := cluster.List(ctx, kind, object.Query{})
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if err := around.Add(o); err != nil {
				return nil, err
			}
		}
	}
	webhooks := schema.GroupKind{Group: "admissionregistration.k8s.io", Kind: "MutatingWebhookConfiguration"}
	if texts.objects, err = cluster.List(ctx, webhooks, object.Query{}); err != nil {
		return nil, err
	}
	if s.webhookMap != "" {
		texts.objects = slices.DeleteFunc(texts.objects, func(o object.Object) bool { return o.GetName() != s.webhookMap })
	}
	nodes, err := cluster.List(ctx, schema.GroupKind{Kind: "Node"}, object.Query{})
	if err != nil {
		return nil, err
	}
	texts.nodes = make(map[string]string, len(nodes))
	for _, node := range nodes {
		texts.nodes[node.GetName()] = kubeletOf(node)
	}
	return texts, nil
}

func kubeletOf(node object.Object) string {
	status, _ := node.Object["status"].(map[string]any)
	info, _ := status["nodeInfo"].(map[string]any)
	version, _ := info["kubeletVersion"].(string)
	return version
}

func nameOr(name, standard string) string {
	if name == "" {
		return standard
	}
	return name
}

// configMap reads a ConfigMap, and returns what looks its keys up.
func configMap(ctx context.Context, cluster *kube.Cluster, namespace, name string) (func(string) []byte, error) {
	ref := object.Ref{Kind: "ConfigMap", Namespace: namespace, Name: name}
	o, found, err := cluster.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &NoInjectorError{Missing: ref}
	}
	data, _ := o.Object["data"].(map[string]any)
	return func(key string) []byte {
		text, _ := data[key].(string)
		return []byte(text)
	}, nil
}
