package plan

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/object"
)

type fieldsEntry = metav1.ManagedFieldsEntry

// handOver is the desired object without the fields that the running mesh has
// taken over since they were first applied: asking for them again would start
// a tug-of-war. What the charts never set (webhook caBundles, replicas under an
// autoscaler, node ports) needs no entry here, since server-side apply leaves
// alone what is not asked for.
func handOver(desired, live object.Object) object.Object {
	if desired.GetKind() != "ValidatingWebhookConfiguration" {
		return desired
	}
	// istiod turns failurePolicy from Ignore into Fail once its validation works.
	kept := desired.Copy()
	webhooks, _, _ := unstructured.NestedSlice(kept.Object, "webhooks")
	for _, entry := range webhooks {
		webhook, _ := entry.(map[string]any)
		if livePolicy := failurePolicy(live, webhook["name"]); livePolicy != "" && livePolicy != webhook["failurePolicy"] {
			delete(webhook, "failurePolicy")
		}
	}
	kept.Object["webhooks"] = webhooks
	return kept
}

func failurePolicy(live object.Object, name any) string {
	webhooks, _, _ := unstructured.NestedSlice(live.Object, "webhooks")
	for _, entry := range webhooks {
		webhook, _ := entry.(map[string]any)
		if webhook["name"] == name {
			policy, _ := webhook["failurePolicy"].(string)
			return policy
		}
	}
	return ""
}
