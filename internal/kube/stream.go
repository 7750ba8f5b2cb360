package kube

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiwatch "k8s.io/apimachinery/pkg/watch"

	"github.com/meshctl/meshctl/internal/object"
)

// stream keeps objects of one kind in sight, over any number of connections: a
// server ends watches after some minutes, and may restart.
type stream struct {
	// list reads all objects, and the version of the whole.
	list  func(context.Context, metav1.ListOptions) ([]object.Object, string, error)
	watch func(context.Context, metav1.ListOptions) (apiwatch.Interface, error)
	// kind is that of the objects, where they do not say it themselves.
	kind    schema.GroupVersionKind
	options metav1.ListOptions
	// all takes all objects, one what became of one of them.
	all func([]object.Object)
	one func(o object.Object, gone bool)
	// silent is told how long nothing has come, and why; with true it gives up.
	silent func(err error, waited time.Duration) bool

	// version is where the next connection goes on; empty means it must list first.
	version string
}

// run connects again and again, until the context ends or silent gives up.
func (s *stream) run(ctx context.Context) error {
	const longest = 5 * time.Second
	var waited, delay time.Duration
	for ctx.Err() == nil {
		lively, err := s.connect(ctx)
		if err != nil && ctx.Err() == nil && s.silent(err, waited) {
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
func (s *stream) connect(ctx context.Context) (lively bool, err error) {
	if s.version == "" {
		if err := s.listAll(ctx); err != nil {
			return false, err
		}
	}
	options := s.options
	options.ResourceVersion, options.AllowWatchBookmarks = s.version, true
	events, err := s.watch(ctx, options)
	if err != nil {
		return false, s.expired(err)
	}
	defer events.Stop()
	for event := range events.ResultChan() {
		if event.Type == apiwatch.Error {
			return lively, s.expired(apierrors.FromObject(event.Object))
		}
		s.take(event)
		lively = true
	}
	return lively, nil
}

// expired forgets a version from which there is no going on: it is too old, or
// the kind itself is gone. The next connection lists.
func (s *stream) expired(err error) error {
	switch {
	case apierrors.IsResourceExpired(err), apierrors.IsGone(err):
		s.version = ""
		return nil
	case apierrors.IsNotFound(err):
		s.version = ""
	}
	return err
}

// listAll takes one listing. Of a kind that is gone none is left.
func (s *stream) listAll(ctx context.Context) error {
	objects, version, err := s.list(ctx, s.options)
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	s.all(objects)
	s.version = version
	return err
}

func (s *stream) take(event apiwatch.Event) {
	live, ok := s.read(event.Object)
	if !ok {
		return
	}
	s.version = live.GetResourceVersion()
	if event.Type != apiwatch.Bookmark {
		s.one(live, event.Type == apiwatch.Deleted)
	}
}

func (s *stream) read(from runtime.Object) (object.Object, bool) {
	switch from := from.(type) {
	case *unstructured.Unstructured:
		return object.Object{Unstructured: *from}, true
	case *metav1.PartialObjectMetadata:
		return named(s.kind, from), true
	}
	return object.Object{}, false
}
