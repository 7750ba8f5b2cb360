package kube

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// ConfigError is a kubeconfig that is missing, broken or without the context
// that was asked for.
type ConfigError struct {
	// Path lists the files that were looked at.
	Path string
	// Context is the context that was asked for and is not there; Known are those that are.
	Context string
	Known   []string
	Err     error
}

func (e *ConfigError) Error() string {
	message := "reading kubeconfig " + e.Path + ": "
	if e.Err != nil {
		message += e.Err.Error()
	} else {
		message += fmt.Sprintf("there is no context %q", e.Context)
	}
	if len(e.Known) > 0 {
		message += " (known: " + strings.Join(e.Known, ", ") + ")"
	}
	return message
}

func (e *ConfigError) Unwrap() error { return e.Err }

// Obstacle is the kind of thing that keeps a cluster from answering.
type Obstacle string

// What stands between the user and the API server.
const (
	Refused     Obstacle = "refused"     // nobody listens at the address
	Timeout     Obstacle = "timeout"     // no answer in time
	NoSuchHost  Obstacle = "host"        // the name does not resolve
	Certificate Obstacle = "certificate" // TLS cannot be agreed on, or trusted
	Credentials Obstacle = "credentials" // expired, rejected, or their plugin is missing
	Network     Obstacle = "network"     // anything else on the way
)

// UnreachableError is a cluster that does not answer, or does not know the user.
type UnreachableError struct {
	Host     string
	Context  string
	Obstacle Obstacle
	// Cause says it in plain words: "connection refused".
	Cause string
	Err   error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("reaching cluster %s at %s: %s", e.Context, e.Host, e.Cause)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// ForbiddenError is a request that the user's roles do not allow. What the API
// server did not say is empty.
type ForbiddenError struct {
	User      string
	Verb      string
	Group     string
	Resource  string
	Namespace string
	Name      string
	Err       error
}

func (e *ForbiddenError) Error() string {
	if e.Verb == "" {
		return "permission denied: " + e.Err.Error()
	}
	message := fmt.Sprintf("user %q may not %s %s", e.User, e.Verb, e.Resource)
	if e.Group != "" {
		message += "." + e.Group
	}
	if e.Namespace != "" {
		message += " in namespace " + e.Namespace
	}
	return message
}

func (e *ForbiddenError) Unwrap() error { return e.Err }

// DeniedError is a refusal by an admission webhook, policy or plugin.
type DeniedError struct {
	Ref object.Ref
	// By names the webhook or policy; empty for a built-in plugin such as quota.
	By string
	// Message is the reason it gave.
	Message string
	Err     error
}

func (e *DeniedError) Error() string {
	if e.By == "" {
		return "denied: " + e.Message
	}
	return "denied by " + e.By + ": " + e.Message
}

func (e *DeniedError) Unwrap() error { return e.Err }

// WebhookError is an admission webhook that the API server could not ask.
type WebhookError struct {
	Ref     object.Ref
	Webhook string
	Message string
	Err     error
}

func (e *WebhookError) Error() string {
	return "webhook " + e.Webhook + " does not answer: " + e.Message
}

func (e *WebhookError) Unwrap() error { return e.Err }

// InvalidError is an object that the API server does not accept.
type InvalidError struct {
	Ref object.Ref
	// Problems holds one text for each field: "spec.ports: Required value".
	Problems []string
	Err      error
}

func (e *InvalidError) Error() string { return "invalid: " + strings.Join(e.Problems, "; ") }

func (e *InvalidError) Unwrap() error { return e.Err }

// UnknownKindError is a kind that the cluster does not serve.
type UnknownKindError struct {
	Group string
	// Version is set when the kind is served, but not in this version.
	Version string
	Kind    string
}

func (e *UnknownKindError) Error() string {
	kind := schema.GroupKind{Group: e.Group, Kind: e.Kind}.String()
	if e.Version != "" {
		return fmt.Sprintf("the cluster does not serve %s in version %s", kind, e.Version)
	}
	return "the cluster does not serve " + kind
}

// GroupUnavailableError is an API group whose server does not answer, so that
// nothing can be said about its kinds.
type GroupUnavailableError struct {
	Group string
	Err   error
}

func (e *GroupUnavailableError) Error() string {
	return fmt.Sprintf("API group %s does not answer: %v", e.Group, e.Err)
}

func (e *GroupUnavailableError) Unwrap() error { return e.Err }

// MissingNamespaceError is a request into a namespace that does not exist.
type MissingNamespaceError struct {
	Namespace string
	Err       error
}

func (e *MissingNamespaceError) Error() string {
	return "namespace " + e.Namespace + " does not exist"
}

func (e *MissingNamespaceError) Unwrap() error { return e.Err }

// NotFoundError is an object that must be there and is not.
type NotFoundError struct {
	Ref object.Ref
	Err error
}

func (e *NotFoundError) Error() string { return e.Ref.String() + " not found" }

func (e *NotFoundError) Unwrap() error { return e.Err }
