package kube

import (
	"context"
	"errors"
	"io"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/meshctl/meshctl/internal/object"
)

func TestExplain(t *testing.T) {
	ref := object.Ref{Group: "apps", Kind: "Deployment", Namespace: "ns", Name: "web"}
	details := func(kind, name string) *metav1.StatusDetails { return &metav1.StatusDetails{Kind: kind, Name: name} }
	for name, test := range map[string]struct {
		status metav1.Status
		want   error
	}{
		"a role that is missing": {
			metav1.Status{Code: 403, Details: details("deployments", "web"), Message: `deployments.apps "web" is forbidden: User "system:serviceaccount:ci:bot" cannot patch resource "deployments" in API group "apps" in the namespace "ns"`},
			&ForbiddenError{User: "system:serviceaccount:ci:bot", Verb: "patch", Resource: "deployments", Group: "apps", Namespace: "ns", Name: "web"},
		},
		"a path that is closed": {
			metav1.Status{Code: 403, Message: `forbidden: User "system:anonymous" cannot get path "/version"`},
			&ForbiddenError{User: "system:anonymous", Verb: "get"},
		},
		"a 403 of somebody in between": {metav1.Status{Code: 403, Message: "go away"}, &ForbiddenError{}},
		"pod security": {
			metav1.Status{Code: 403, Message: `pods "p" is forbidden: violates PodSecurity "restricted:latest": privileged`},
			&DeniedError{Ref: ref, Message: `violates PodSecurity "restricted:latest": privileged`},
		},
		"a webhook": {
			metav1.Status{Code: 400, Message: `admission webhook "v.istio.io" denied the request: configuration is invalid: bad: worse`},
			&DeniedError{Ref: ref, By: "v.istio.io", Message: "configuration is invalid: bad: worse"},
		},
		"a webhook without words": {
			metav1.Status{Code: 403, Message: `admission webhook "v.istio.io" denied the request without explanation`},
			&DeniedError{Ref: ref, By: "v.istio.io", Message: "without explanation"},
		},
		"a policy": {
			metav1.Status{Code: 422, Message: `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`},
			&DeniedError{Ref: ref, By: "p", Message: "no"},
		},
		"a webhook that is down": {
			metav1.Status{Code: 500, Message: `Internal error occurred: failed calling webhook "v.istio.io": failed to call webhook: Post "https://istiod": refused`},
			&WebhookError{Ref: ref, Webhook: "v.istio.io", Message: `failed to call webhook: Post "https://istiod": refused`},
		},
		"owners of fields": {
			metav1.Status{Code: 409, Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{
				{Type: metav1.CauseTypeFieldManagerConflict, Message: `conflict with "kubectl" with subresource "scale" using apps/v1`, Field: ".spec.replicas"},
				{Type: metav1.CauseTypeFieldManagerConflict, Message: "conflict", Field: ".spec.x"},
			}}},
			&object.ConflictError{Ref: ref, Conflicts: []object.Conflict{{Manager: "kubectl", Field: ".spec.replicas"}, {Manager: "another manager", Field: ".spec.x"}}},
		},
		"a missing namespace": {metav1.Status{Code: 404, Details: details("namespaces", "ns")}, &MissingNamespaceError{Namespace: "ns"}},
		"a missing object":    {metav1.Status{Code: 404, Details: details("deployments", "web")}, &NotFoundError{Ref: ref}},
		"a missing kind":      {metav1.Status{Code: 404, Details: &metav1.StatusDetails{}}, &UnknownKindError{Group: "apps", Kind: "Deployment"}},
		"invalid fields": {
			metav1.Status{Code: 422, Message: "no", Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{{Field: "spec.a", Message: "Required value"}, {Message: "odd"}}}},
			&InvalidError{Ref: ref, Problems: []string{"spec.a: Required value", "odd"}},
		},
		"expired credentials": {
			metav1.Status{Code: 401},
			&UnreachableError{Host: "https://host", Context: "test", Obstacle: Credentials, Cause: "the credentials are not accepted (expired?)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := &Cluster{context: "test", config: &rest.Config{Host: "https://host"}}
			got := cluster.explain(t.Context(), "doing", ref, &apierrors.StatusError{ErrStatus: test.status})
			if inner := errors.Unwrap(got); inner != nil && got.Error() == "doing: "+inner.Error() {
				got = inner
			}
			ignore := cmpopts.IgnoreFields
			if diff := cmp.Diff(test.want, got, ignore(ForbiddenError{}, "Err"), ignore(DeniedError{}, "Err"), ignore(WebhookError{}, "Err"),
				ignore(MissingNamespaceError{}, "Err"), ignore(NotFoundError{}, "Err"), ignore(InvalidError{}, "Err"), ignore(UnreachableError{}, "Err")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestExplain_PutsTheEndOfTheContextFirst(t *testing.T) {
	cluster := &Cluster{config: &rest.Config{}}
	cause := errors.New("asked to stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	err := cluster.explain(ctx, "doing", object.Ref{}, &url.Error{Op: "Get", URL: "https://host", Err: io.EOF})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
		t.Errorf("explain: %v", err)
	}
}
