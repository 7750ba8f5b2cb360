package inject

import (
	"fmt"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/meshctl/meshctl/internal/object"
)

// Webhook is one injection webhook: which pods the API server sends to which control plane.
type Webhook struct {
	// Configuration and Name are those of the webhook in its MutatingWebhookConfiguration.
	Configuration, Name string
	// Revision is the control plane that answers, Tag the name it is known by, if any.
	Revision, Tag string
	// ProxyEnv are variables that its address gives to proxies.
	ProxyEnv map[string]string

	namespace, pod labels.Selector
}

// webhookSuffix is how the names of injection webhooks end.
const webhookSuffix = "sidecar-injector.istio.io"

// ReadWebhooks finds the injection webhooks among objects.
func ReadWebhooks(objects []object.Object) ([]Webhook, error) {
	var found []Webhook
	for _, o := range objects {
		if o.GetKind() != "MutatingWebhookConfiguration" {
			continue
		}
		config := &admission.MutatingWebhookConfiguration{}
		if err := fromMap(o.Object, config); err != nil {
			return nil, fmt.Errorf("reading %s: %w", o.Ref(), err)
		}
		for _, webhook := range config.Webhooks {
			if !strings.HasSuffix(webhook.Name, webhookSuffix) {
				continue
			}
			namespace, err1 := metav1.LabelSelectorAsSelector(matchAll(webhook.NamespaceSelector))
			pod, err2 := metav1.LabelSelectorAsSelector(matchAll(webhook.ObjectSelector))
			for _, err := range []error{err1, err2} {
				if err != nil {
					return nil, fmt.Errorf("reading %s, webhook %s: %w", o.Ref(), webhook.Name, err)
				}
			}
			found = append(found, Webhook{
				Configuration: config.Name, Name: webhook.Name,
				Revision: config.Labels["istio.io/rev"], Tag: config.Labels["istio.io/tag"],
				ProxyEnv:  proxyEnvOf(webhook.ClientConfig),
				namespace: namespace, pod: pod,
			})
		}
	}
	return found, nil
}

// matchAll is what a webhook without a selector has.
func matchAll(selector *metav1.LabelSelector) *metav1.LabelSelector {
	if selector == nil {
		return &metav1.LabelSelector{}
	}
	return selector
}

// Route finds the webhooks to which the API server sends a pod.
func Route(webhooks []Webhook, pod *corev1.Pod, namespace Namespace) []Webhook {
	// The API server puts this label on every namespace.
	set := labels.Merge(labels.Set(namespace.Labels), labels.Set{corev1.LabelMetadataName: pod.Namespace})
	var matching []Webhook
	for _, webhook := range webhooks {
		if webhook.namespace.Matches(set) && webhook.pod.Matches(labels.Set(pod.Labels)) {
			matching = append(matching, webhook)
		}
	}
	return matching
}

// ProxyEnv are the variables that pods of a revision get by the address of its webhook.
func ProxyEnv(webhooks []Webhook, revision string) map[string]string {
	for _, webhook := range webhooks {
		if webhook.Revision == revisionOr(revision) {
			return webhook.ProxyEnv
		}
	}
	return nil
}

func revisionOr(revision string) string {
	if revision == "" {
		return "default"
	}
	return revision
}

// Admission decides as a cluster with these webhooks does for the control plane
// of one revision.
func Admission(webhooks []Webhook, namespaces map[string]Namespace, revision string) func(*corev1.Pod) Decision {
	revision = revisionOr(revision)
	return func(pod *corev1.Pod) Decision {
		namespace, known := namespaces[pod.Namespace]
		matching := Route(webhooks, pod, namespace)
		var others []string
		for _, webhook := range matching {
			if webhook.Revision == revision {
				return Decision{Inject: true, Rule: "webhook " + webhook.Name, Reason: fmt.Sprintf("webhook %s of %s matches", webhook.Name, webhook.Configuration)}
			}
			others = append(others, webhook.Revision)
		}
		decision := Decision{Rule: "webhooks", Reason: "no webhook matches: " + missing(pod, namespace)}
		if len(others) > 0 {
			decision.Reason = fmt.Sprintf("it belongs to revision %s, not %s", strings.Join(others, ", "), revision)
		} else if !known {
			decision.Reason += fmt.Sprintf("; nothing is known of namespace %s", pod.Namespace)
		}
		return decision
	}
}

// missing says which labels speak against an injection, or are not there.
func missing(pod *corev1.Pod, namespace Namespace) string {
	const byName, byRevision = "istio-injection", "istio.io/rev"
	if value, ok := pod.Labels[injectLabel]; ok && value == "false" {
		return "the pod has the label " + injectLabel + "=false"
	}
	for _, label := range []string{byName, byRevision} {
		if value, ok := namespace.Labels[label]; ok {
			return fmt.Sprintf("namespace %s has the label %s=%s", pod.Namespace, label, value)
		}
	}
	if value, ok := pod.Labels[byRevision]; ok {
		return fmt.Sprintf("no control plane or tag is called %s", value)
	}
	return fmt.Sprintf("namespace %s has neither the label %s nor %s, and the pod does not ask for it", pod.Namespace, byName, byRevision)
}
