package kube_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

func TestRights_AreAskedAndMissedByName(t *testing.T) {
	admin := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, admin)
	kubetest.Apply(t, admin, `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: `+namespace+`}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: `+namespace+`}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}]
`)
	jane := kubetest.Connect(t, kube.Options{As: "jane", AsGroups: []string{"system:authenticated"}})
	ref := object.Ref{Kind: "ConfigMap", Namespace: namespace, Name: "a"}
	var wanted []object.Access
	for _, verb := range []string{"get", "patch", "get", "list", "patch"} {
		access, err := jane.AccessTo(t.Context(), verb, ref)
		if err != nil {
			t.Fatal(err)
		}
		wanted = append(wanted, access)
	}
	patch := object.Access{Verb: "patch", Resource: "configmaps", Namespace: namespace}
	// Roles reach the authorizer by its own watch, a moment after they were made.
	eventually(t, func() bool {
		denied, err := jane.Denied(t.Context(), wanted)
		return err == nil && len(denied) == 1 && denied[0] == patch
	})
	guessed, err := jane.AccessTo(t.Context(), "get", object.Ref{Group: "no.example", Kind: "ServiceEntry", Namespace: namespace})
	if err != nil || guessed.Resource != "serviceentries" || guessed.Namespace != namespace {
		t.Errorf("AccessTo of a kind that is not served: %v, %v", guessed, err)
	}

	_, err = jane.Apply(t.Context(), kubetest.Object(t, configMap("a", namespace, "b")), object.Respect)
	var forbidden *kube.ForbiddenError
	if !errors.As(err, &forbidden) {
		t.Fatalf("Apply: %v, want a ForbiddenError", err)
	}
	if forbidden.User != "jane" || forbidden.Verb != "patch" || forbidden.Resource != "configmaps" || forbidden.Namespace != namespace || forbidden.Name != "a" {
		t.Errorf("Apply: %+v", forbidden)
	}
	if _, err := jane.List(t.Context(), object.Ref{Kind: "Secret"}.GroupKind(), object.Query{}); !errors.As(err, &forbidden) {
		t.Errorf("List: %v", err)
	}
	err = jane.Await(t.Context(), []object.Ref{ref}, func(object.Health) {})
	if !errors.As(err, &forbidden) || forbidden.Verb != "watch" {
		t.Errorf("Await: %v", err)
	}
}

func TestApply_TellsPoliciesThatDeny(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	kubetest.Apply(t, cluster, strings.ReplaceAll(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: NAME}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE, UPDATE]}]
  validations: [{expression: "object.metadata.name != 'bad'", message: no bad names}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: NAME}
spec:
  policyName: NAME
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}}
`, "NAME", namespace))
	bad := kubetest.Object(t, configMap("bad", namespace, "x"))
	var denied *kube.DeniedError
	eventually(t, func() bool {
		_, err := cluster.DryRun(t.Context(), bad, object.Respect)
		return errors.As(err, &denied)
	})
	if denied.By != namespace || denied.Message != "no bad names" || denied.Ref != bad.Ref() {
		t.Errorf("denied: %+v", denied)
	}
}

func TestApply_TellsQuotasThatDeny(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	kubetest.Apply(t, cluster, "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: "+namespace+"}\nspec: {hard: {configmaps: 0}}")
	var denied *kube.DeniedError
	eventually(t, func() bool {
		_, err := cluster.DryRun(t.Context(), kubetest.Object(t, configMap("a", namespace, "x")), object.Respect)
		return errors.As(err, &denied) && strings.Contains(denied.Message, "exceeded quota")
	})
	if denied.By != "" {
		t.Errorf("denied by %q", denied.By)
	}
}

func TestApply_TellsWebhooksThatDenyOrAreSilent(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	server := httptest.NewTLSServer(http.HandlerFunc(refuse))
	kubetest.Apply(t, cluster, webhook(namespace, server.URL, server.Certificate()))
	desired := kubetest.Object(t, configMap("a", namespace, "x"))
	var denied *kube.DeniedError
	eventually(t, func() bool {
		_, err := cluster.DryRun(t.Context(), desired, object.Respect)
		return errors.As(err, &denied)
	})
	if denied.By != "deny.example.com" || denied.Message != "not today" {
		t.Errorf("denied: %+v", denied)
	}
	server.Close()
	_, err := cluster.DryRun(t.Context(), desired, object.Respect)
	var silent *kube.WebhookError
	if !errors.As(err, &silent) || silent.Webhook != "deny.example.com" {
		t.Errorf("with the webhook gone: %v", err)
	}
}

// refuse is an admission webhook that says no.
func refuse(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var review map[string]any
	_ = json.Unmarshal(body, &review)
	request, _ := review["request"].(map[string]any)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
		"response": map[string]any{"uid": request["uid"], "allowed": false, "status": map[string]any{"message": "not today"}},
	})
}

func webhook(namespace, url string, certificate *x509.Certificate) string {
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	return `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: ` + namespace + `}
webhooks:
- name: deny.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {url: "` + url + `/", caBundle: ` + base64.StdEncoding.EncodeToString(bundle) + `}
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ` + namespace + `}}
  rules: [{apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE]}]
`
}

// eventually waits for what the API server does a moment later.
func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for range 200 {
		if holds() {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("did not happen within 10 s")
}
