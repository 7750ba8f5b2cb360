package object

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Ref names one object in a cluster. It leaves the API version out, because an
// object stays the same object in every version its group serves.
type Ref struct {
	Group     string `json:"group,omitempty"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// String is the way users read it: "Deployment istio-system/istiod", or
// "ClusterRole istio-reader" for what has no namespace.
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// GroupKind is the kind with its API group.
func (r Ref) GroupKind() schema.GroupKind {
	return schema.GroupKind{Group: r.Group, Kind: r.Kind}
}

// Compare orders by kind, group, namespace and name, for stable listings.
func (r Ref) Compare(other Ref) int {
	return cmp.Or(
		strings.Compare(r.Kind, other.Kind),
		strings.Compare(r.Group, other.Group),
		strings.Compare(r.Namespace, other.Namespace),
		strings.Compare(r.Name, other.Name),
	)
}
