package kube

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Events lists what was noted about an object, oldest first.
func (c *Cluster) Events(ctx context.Context, ref object.Ref) ([]object.Event, error) {
	selector := fields.Set{"involvedObject.kind": ref.Kind, "involvedObject.name": ref.Name}
	namespace := ref.Namespace
	if namespace == "" {
		// Events live in a namespace; those of objects without one, in this.
		namespace = "default"
	}
	listed, err := c.List(ctx, schema.GroupKind{Kind: "Event"}, object.Query{Namespace: namespace, Fields: selector.String()})
	if err != nil {
		return nil, fmt.Errorf("listing the events of %s: %w", ref, err)
	}
	events := make([]object.Event, 0, len(listed))
	for _, one := range listed {
		events = append(events, readEvent(one))
	}
	slices.SortStableFunc(events, func(a, b object.Event) int { return a.Last.Compare(b.Last) })
	return events, nil
}

// readEvent copes with both ways of counting: the old one in the event itself,
// and the series of events.k8s.io.
func readEvent(listed object.Object) object.Event {
	text := func(path ...string) string {
		value, _, _ := unstructured.NestedString(listed.Object, path...)
		return value
	}
	number := func(path ...string) int {
		value, _, _ := unstructured.NestedInt64(listed.Object, path...)
		return int(value)
	}
	stamp := cmp.Or(text("series", "lastObservedTime"), text("lastTimestamp"), text("eventTime"), text("metadata", "creationTimestamp"))
	last, _ := time.Parse(time.RFC3339, stamp)
	return object.Event{
		Type:    text("type"),
		Reason:  text("reason"),
		Message: text("message"),
		Count:   cmp.Or(number("series", "count"), number("count"), 1),
		Last:    last,
	}
}
