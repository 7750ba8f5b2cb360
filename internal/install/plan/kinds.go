package plan

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
)

// UnservedKindError is an object of a kind that neither the cluster knows nor
// the plan defines. Applying would get stuck half-way.
type UnservedKindError struct{ Object object.Ref }

func (e *UnservedKindError) Error() string {
	return fmt.Sprintf("the mesh needs %s, and the cluster has no kind %s of %s", e.Object, e.Object.Kind, e.Object.Group)
}

// checkKinds finds objects that could not be applied for want of their definition.
func checkKinds(ctx context.Context, manifest render.Manifest, cluster Cluster) error {
	defined := map[schema.GroupKind]bool{}
	objects := manifest.Objects()
	for _, o := range objects {
		if o.GetKind() == "CustomResourceDefinition" {
			group, _, _ := unstructured.NestedString(o.Object, "spec", "group")
			kind, _, _ := unstructured.NestedString(o.Object, "spec", "names", "kind")
			defined[schema.GroupKind{Group: group, Kind: kind}] = true
		}
	}
	for _, o := range objects {
		kind := o.Ref().GroupKind()
		if defined[kind] {
			continue
		}
		served, err := cluster.Serves(ctx, kind)
		if err == nil && !served {
			served, err = cluster.Defines(ctx, kind)
		}
		if err != nil {
			return err
		}
		if !served {
			return &UnservedKindError{Object: o.Ref()}
		}
		defined[kind] = true
	}
	return nil
}
