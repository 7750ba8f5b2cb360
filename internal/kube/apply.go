package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"github.com/meshctl/meshctl/internal/object"
)

// Apply makes the object in the cluster like the one given, by server-side
// apply, and returns it as it is there then. A field that the schema does not
// know is an error. An object without a namespace, of a kind that has them, goes
// to the namespace of the context.
//
// Of the errors, object.ConflictError, ForbiddenError, DeniedError, WebhookError,
// InvalidError, UnknownKindError and MissingNamespaceError tell what to do.
func (c *Cluster) Apply(ctx context.Context, desired object.Object, ownership object.Ownership) (object.Object, error) {
	applied, err := c.apply(ctx, "applying "+desired.Ref().String(), desired, patchOptions(ownership))
	if err == nil {
		c.learn(applied)
	}
	return applied, err
}

// DryRun is the object as Apply would leave it: it passes validation, admission
// and defaulting, and nothing is stored.
func (c *Cluster) DryRun(ctx context.Context, desired object.Object, ownership object.Ownership) (object.Object, error) {
	options := patchOptions(ownership)
	options.DryRun = []string{metav1.DryRunAll}
	return c.apply(ctx, "trying to apply "+desired.Ref().String(), desired, options)
}

func patchOptions(ownership object.Ownership) metav1.PatchOptions {
	take := ownership == object.Take
	return metav1.PatchOptions{FieldManager: Manager, FieldValidation: metav1.FieldValidationStrict, Force: &take}
}

func (c *Cluster) apply(ctx context.Context, doing string, desired object.Object, options metav1.PatchOptions) (object.Object, error) {
	ref := desired.Ref()
	resource, namespace, err := c.destination(ctx, desired)
	if err != nil {
		return object.Object{}, fmt.Errorf("%s: %w", doing, err)
	}
	body, err := applyBody(desired, namespace)
	if err != nil {
		return object.Object{}, fmt.Errorf("%s: %w", doing, err)
	}
	live, err := c.patch(ctx, resource, ref, body, options)
	if err != nil {
		return object.Object{}, c.explain(ctx, doing, ref, err)
	}
	return object.Object{Unstructured: *live, Source: desired.Source}, nil
}

func (c *Cluster) patch(ctx context.Context, resource dynamic.ResourceInterface, ref object.Ref, body []byte, options metav1.PatchOptions) (*unstructured.Unstructured, error) {
	var live *unstructured.Unstructured
	send := func(ctx context.Context) (err error) {
		live, err = resource.Patch(ctx, ref.Name, types.ApplyPatchType, body, options)
		return err
	}
	// A kind that was defined a moment ago may not be served yet.
	const patience, interval = 5 * time.Second, 50 * time.Millisecond
	for waited := time.Duration(0); ; waited += interval {
		err := c.do(ctx, send)
		status := statusOf(err)
		if status == nil || !unserved(*status) || waited >= patience || pause(ctx, interval) != nil {
			return live, err
		}
	}
}

// destination is where an object goes: the resource in the object's own version.
func (c *Cluster) destination(ctx context.Context, desired object.Object) (dynamic.ResourceInterface, string, error) {
	kind := desired.GroupVersionKind()
	how, err := c.mustServe(ctx, kind.GroupKind())
	if err != nil {
		return nil, "", err
	}
	if !slices.Contains(how.Versions, kind.Version) {
		return nil, "", &UnknownKindError{Group: kind.Group, Version: kind.Version, Kind: kind.Kind}
	}
	namespace := c.place(how, desired.GetNamespace())
	where := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: how.Resource}
	return c.at(where, namespace), namespace, nil
}

// applyBody drops what the API server refuses in an apply: what only it may set.
func applyBody(desired object.Object, namespace string) ([]byte, error) {
	sent := desired.Copy()
	sent.SetManagedFields(nil)
	sent.SetNamespace(namespace)
	body, err := json.Marshal(sent.Object)
	if err != nil {
		return nil, fmt.Errorf("encoding the object: %w", err)
	}
	return body, nil
}
