package analyze

import (
	"maps"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// InjectionWebhook is a webhook that gives pods their sidecars.
type InjectionWebhook struct {
	*Resource
	Webhook *admission.MutatingWebhook
	// Index is its number in the configuration.
	Index int

	namespaces, objects labels.Selector
}

// InjectionWebhooks are the webhooks of Istio, in order. One whose selectors
// cannot be read is left out, as it chooses nothing.
func (m *Mesh) InjectionWebhooks() []InjectionWebhook {
	var found []InjectionWebhook
	for configuration := range m.MutatingWebhooks().All() {
		for i := range configuration.Spec.Webhooks {
			webhook := &configuration.Spec.Webhooks[i]
			if !strings.HasSuffix(webhook.Name, ".istio.io") {
				continue
			}
			namespaces, badNamespaces := selector(webhook.NamespaceSelector)
			objects, badObjects := selector(webhook.ObjectSelector)
			if badNamespaces == nil && badObjects == nil {
				found = append(found, InjectionWebhook{configuration.Resource, webhook, i, namespaces, objects})
			}
		}
	}
	return found
}

// Chooses says whether the webhook is asked about pods with these labels in a
// namespace with those.
func (w InjectionWebhook) Chooses(namespace, pod map[string]string) bool {
	return w.namespaces.Matches(labels.Set(namespace)) && w.objects.Matches(labels.Set(pod))
}

// NamespaceLabels are those of a namespace with the one that Kubernetes adds.
// known is false if the mesh does not have the namespace.
func (m *Mesh) NamespaceLabels(name string) (all map[string]string, known bool) {
	all = map[string]string{"kubernetes.io/metadata.name": name}
	namespace, known := m.Namespaces().Get("", name)
	if known {
		maps.Copy(all, namespace.Labels)
	}
	return all, known
}

// selector reads a selector of a webhook, where none means all.
func selector(written *meta.LabelSelector) (labels.Selector, error) {
	if written == nil {
		return labels.Everything(), nil
	}
	return meta.LabelSelectorAsSelector(written)
}
