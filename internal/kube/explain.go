package kube

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// explain turns an error of a request into one of this package's, and says
// what was being done. The end of the caller's context comes first: whatever
// failed then failed because of it. ref is what the request was about, and may be
// the zero value.
func (c *Cluster) explain(ctx context.Context, doing string, ref object.Ref, err error) error {
	if ctx.Err() != nil {
		return interrupted(ctx, doing)
	}
	status := statusOf(err)
	if status == nil {
		return fmt.Errorf("%s: %w", doing, c.unreachable(err))
	}
	err = c.refusal(ref, *status, err)
	if conflict := (*object.ConflictError)(nil); errors.As(err, &conflict) {
		return err // its text names the object
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// interrupted is the error of something that the end of the context cut short.
func interrupted(ctx context.Context, doing string) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%s: %w (%w)", doing, ctx.Err(), cause)
	}
	return fmt.Errorf("%s: %w", doing, ctx.Err())
}

// refusal reads the status with which the API server answered.
func (c *Cluster) refusal(ref object.Ref, status metav1.Status, err error) error {
	if denied := admission(ref, status.Message, err); denied != nil {
		return denied
	}
	switch status.Code {
	case http.StatusUnauthorized:
		return c.unreachableBy(Credentials, "the credentials are not accepted (expired?)", err)
	case http.StatusForbidden:
		return forbidden(ref, status, err)
	case http.StatusConflict:
		return conflict(ref, status, err)
	case http.StatusNotFound:
		return absent(ref, status, err)
	case http.StatusUnprocessableEntity, http.StatusBadRequest, http.StatusUnsupportedMediaType:
		return invalid(ref, status, err)
	case http.StatusInternalServerError:
		// A field that the schema does not have ends as an internal error of apply.
		if strings.Contains(status.Message, "failed to create typed patch object") {
			return invalid(ref, status, err)
		}
	}
	return err
}

// admission recognizes the texts of webhooks and policies; their refusals come
// with any code they like.
func admission(ref object.Ref, message string, err error) error {
	if by, reason, found := speaker(message, "admission webhook ", " denied the request"); found {
		return &DeniedError{Ref: ref, By: by, Message: strings.TrimSpace(strings.TrimPrefix(reason, ":")), Err: err}
	}
	if by, reason, found := speaker(message, "ValidatingAdmissionPolicy ", " denied request: "); found {
		return &DeniedError{Ref: ref, By: by, Message: reason, Err: err}
	}
	if webhook, reason, found := speaker(message, "failed calling webhook ", ": "); found {
		return &WebhookError{Ref: ref, Webhook: webhook, Message: reason, Err: err}
	}
	return nil
}

// speaker reads the name in quotes after a title, and what follows a verb.
func speaker(message, title, verb string) (name, rest string, found bool) {
	name = quoted(message, title)
	_, after, _ := strings.Cut(message, title)
	_, rest, found = strings.Cut(after, verb)
	return name, rest, found && name != ""
}

// quoted is the text in quotes, double or single, after a word.
func quoted(message, word string) string {
	_, after, found := strings.Cut(message, word)
	if !found || after == "" || !strings.Contains("\"'", after[:1]) {
		return ""
	}
	text, _, _ := strings.Cut(after[1:], after[:1])
	return text
}

// forbidden tells roles that are missing from admission plugins, which refuse
// with the same code: quota, pod security, a namespace that is going away.
func forbidden(ref object.Ref, status metav1.Status, err error) error {
	_, reason, _ := strings.Cut(status.Message, " is forbidden: ")
	user := quoted(status.Message, "User ")
	_, deed, byRole := strings.Cut(status.Message, "\" cannot ")
	switch {
	case user != "" && byRole:
		verb, _, _ := strings.Cut(deed, " ")
		refused := &ForbiddenError{
			User: user, Verb: verb, Resource: quoted(deed, "resource "), Group: quoted(deed, "API group "),
			Namespace: quoted(deed, "in the namespace "), Err: err,
		}
		if status.Details != nil {
			refused.Name = status.Details.Name
		}
		return refused
	case reason != "":
		return &DeniedError{Ref: ref, Message: reason, Err: err}
	}
	return &ForbiddenError{Err: err}
}

// conflict reads the owners of fields. Without them it is a conflict of another
// sort, such as a name that is taken.
func conflict(ref object.Ref, status metav1.Status, err error) error {
	if status.Details == nil {
		return err
	}
	result := &object.ConflictError{Ref: ref}
	for _, cause := range status.Details.Causes {
		if cause.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}
		owner := cmp.Or(quoted(cause.Message, "conflict with "), "another manager")
		result.Conflicts = append(result.Conflicts, object.Conflict{Manager: owner, Field: cause.Field})
	}
	if len(result.Conflicts) == 0 {
		return err
	}
	return result
}

// statusOf is the answer in an error, or nil when there was none.
func statusOf(err error) *metav1.Status {
	var answer apierrors.APIStatus
	if !errors.As(err, &answer) {
		return nil
	}
	status := answer.Status()
	return &status
}

func absent(ref object.Ref, status metav1.Status, err error) error {
	details := status.Details
	switch {
	case unserved(status):
		return &UnknownKindError{Group: ref.Group, Kind: ref.Kind}
	case details.Kind == "namespaces" && ref.Kind != "Namespace":
		return &MissingNamespaceError{Namespace: details.Name, Err: err}
	}
	return &NotFoundError{Ref: ref, Err: err}
}

// unserved tells the answer for an unknown path from that for a missing object.
func unserved(status metav1.Status) bool {
	return status.Code == http.StatusNotFound && (status.Details == nil || status.Details.Name == "")
}

func invalid(ref object.Ref, status metav1.Status, err error) error {
	result := &InvalidError{Ref: ref, Err: err}
	if status.Details != nil {
		for _, cause := range status.Details.Causes {
			problem := cause.Message
			if cause.Field != "" && !strings.HasPrefix(problem, cause.Field) {
				problem = cause.Field + ": " + problem
			}
			result.Problems = append(result.Problems, problem)
		}
	}
	if len(result.Problems) == 0 {
		result.Problems = []string{status.Message}
	}
	return result
}
