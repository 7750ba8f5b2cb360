package object

import (
	"fmt"
	"strings"
)

// Ownership says what an apply does about fields that somebody else manages.
type Ownership string

const (
	// Respect refuses to change fields that another field manager owns.
	Respect Ownership = "respect"
	// Take changes them and becomes their owner.
	Take Ownership = "take"
)

// ConflictError is an apply refused because others own fields that would change.
type ConflictError struct {
	Ref       Ref
	Conflicts []Conflict
}

// Conflict is one field with its owner.
type Conflict struct {
	Manager string `json:"manager"`
	Field   string `json:"field"`
}

func (e *ConflictError) Error() string {
	fields := make([]string, len(e.Conflicts))
	for i, conflict := range e.Conflicts {
		fields[i] = conflict.Field + " (" + conflict.Manager + ")"
	}
	return fmt.Sprintf("%s has fields that others manage: %s", e.Ref, strings.Join(fields, ", "))
}

// Access is one right that an operation needs.
type Access struct {
	Verb string
	// Group and Resource name the kind of thing: "apps", "deployments".
	Group    string
	Resource string
	// Namespace is empty for all namespaces and for what has none.
	Namespace string
}

// String reads as in "may not ...": "create deployments.apps in istio-system".
func (a Access) String() string {
	resource := a.Resource
	if a.Group != "" {
		resource += "." + a.Group
	}
	if a.Namespace == "" {
		return a.Verb + " " + resource
	}
	return a.Verb + " " + resource + " in " + a.Namespace
}
