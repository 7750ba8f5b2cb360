package kube

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	apiwatch "k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"

	"github.com/meshctl/meshctl/internal/object"
)

// watcher keeps some objects of one kind and namespace in sight, over any number
// of connections: a server ends watches after some minutes, and may restart.
type watcher struct {
	cluster  *Cluster
	resource dynamic.ResourceInterface
	refs     map[string]object.Ref
	selector string
	tally    *tally
	// version is where the next connection goes on; empty means it must list first.
	version string
}

// watch returns when the context ends or something does not pass by itself.
func (c *Cluster) watch(ctx context.Context, where view, refs []object.Ref, tally *tally) error {
	located, how, found, err := c.locate(ctx, refs[0])
	if err != nil {
		return err
	}
	if !found {
		return &UnknownKindError{Group: where.kind.Group, Kind: where.kind.Kind}
	}
	w := &watcher{
		cluster:  c,
		resource: c.at(located, c.place(how, where.namespace)),
		refs:     make(map[string]object.Ref, len(refs)),
		tally:    tally,
	}
	for _, ref := range refs {
		w.refs[ref.Name] = ref
	}
	if len(refs) == 1 {
		w.selector = fields.OneTermEqualSelector(metav1.ObjectNameField, refs[0].Name).String()
	}
	if err := w.run(ctx); err != nil {
		return c.explain(ctx, "watching "+where.kind.String(), refs[0], err)
	}
	return nil
}

// run connects again and again. It gives up when nothing has come for a minute.
func (w *watcher) run(ctx context.Context) error {
	const patience, longest = time.Minute, 5 * time.Second
	var waited, delay time.Duration
	for ctx.Err() == nil {
		lively, err := w.connect(ctx)
		if err != nil && (hopeless(err) || waited >= patience) {
			return err
		}
		if lively {
			waited, delay = 0, 0
			continue
		}
		delay = min(max(2*delay, 50*time.Millisecond), longest)
		waited += delay
		if pause(ctx, delay) != nil {
			break
		}
	}
	return ctx.Err()
}

// hopeless errors do not go away by trying again; all others may be a network
// or a server that is coming back.
func hopeless(err error) bool {
	return apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) || apierrors.IsBadRequest(err) || apierrors.IsInvalid(err)
}

// connect lists if need be and then takes events until the connection ends. It
// tells whether anything came at all.
func (w *watcher) connect(ctx context.Context) (lively bool, err error) {
	if w.version == "" {
		if err := w.list(ctx); err != nil {
			return false, err
		}
	}
	stream, err := w.resource.Watch(ctx, metav1.ListOptions{FieldSelector: w.selector, ResourceVersion: w.version, AllowWatchBookmarks: true})
	if err != nil {
		return false, w.expired(err)
	}
	defer stream.Stop()
	for event := range stream.ResultChan() {
		if event.Type == apiwatch.Error {
			return lively, w.expired(apierrors.FromObject(event.Object))
		}
		w.take(event)
		lively = true
	}
	return lively, nil
}

// expired forgets a version from which there is no going on: it is too old, or
// the kind itself is gone. The next connection lists.
func (w *watcher) expired(err error) error {
	switch {
	case apierrors.IsResourceExpired(err), apierrors.IsGone(err):
		w.version = ""
		return nil
	case apierrors.IsNotFound(err):
		w.version = ""
	}
	return err
}

// list judges all objects by one listing. Of a kind that is gone none is left.
func (w *watcher) list(ctx context.Context) error {
	objects, version, err := w.cluster.list(ctx, w.resource, metav1.ListOptions{FieldSelector: w.selector})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	present := make(map[string]*object.Object, len(w.refs))
	for i := range objects {
		present[objects[i].GetName()] = &objects[i]
	}
	for name, ref := range w.refs {
		w.tally.see(ref, present[name])
	}
	w.version = version
	return err
}

func (w *watcher) take(event apiwatch.Event) {
	live, ok := event.Object.(*unstructured.Unstructured)
	if !ok {
		return
	}
	w.version = live.GetResourceVersion()
	ref, ours := w.refs[live.GetName()]
	switch {
	case !ours || event.Type == apiwatch.Bookmark:
	case event.Type == apiwatch.Deleted:
		w.tally.see(ref, nil)
	default:
		w.tally.see(ref, &object.Object{Unstructured: *live})
	}
}
