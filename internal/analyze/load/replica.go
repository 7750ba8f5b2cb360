package load

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Observable is what a replica needs of a cluster.
type Observable interface {
	Cluster
	Observe(ctx context.Context, kind schema.GroupKind, query object.Query, observer object.Observer) error
	ObserveNames(ctx context.Context, kind schema.GroupKind, query object.Query, observer object.Observer) error
}

// Replica is a cluster that answers from memory: what it was asked for once is
// kept up to date from then on.
type Replica struct {
	cluster Observable
	// ctx is that of the connections, which outlast questions.
	ctx     context.Context
	changed func()

	mu sync.Mutex
	// version counts changes.
	version int
	kept    map[question]*answer
	// got are objects that were read one by one.
	got map[object.Ref]object.Object
}

type question struct {
	kind  schema.GroupKind
	query object.Query
	// names says that names and labels are enough.
	names bool
}

// answer is what is known of a question.
type answer struct {
	// ready is closed once there is something to say.
	ready chan struct{}
	// settled says that ready is closed, or that nobody waits for it any more.
	settled bool
	objects map[object.Ref]object.Object
	// err is why there are no objects, trouble why there is no news of them.
	err, trouble error
}

// NewReplica is one that asks nothing yet. changed is called from other
// goroutines when answers may have changed.
func NewReplica(ctx context.Context, cluster Observable, changed func()) *Replica {
	return &Replica{ctx: ctx, cluster: cluster, changed: changed, kept: map[question]*answer{}, got: map[object.Ref]object.Object{}}
}

// Version is another one when something has changed.
func (r *Replica) Version() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version
}

// Trouble is why the replica may be out of date, nil if it is not.
func (r *Replica) Trouble() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var first error
	for _, answer := range r.kept {
		if err := answer.trouble; err != nil && (first == nil || err.Error() < first.Error()) {
			first = err
		}
	}
	return first
}

// List implements Cluster.
func (r *Replica) List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error) {
	return r.answer(ctx, question{kind: kind, query: query})
}

// ListNames implements Cluster.
func (r *Replica) ListNames(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error) {
	return r.answer(ctx, question{kind: kind, query: query, names: true})
}

// Get implements Cluster. It asks the cluster, unless it did so since the object
// last changed.
func (r *Replica) Get(ctx context.Context, ref object.Ref) (object.Object, bool, error) {
	version := r.versionOf(ref)
	r.mu.Lock()
	have, got := r.got[ref]
	r.mu.Unlock()
	if got && version != "" && have.GetResourceVersion() == version {
		return have, true, nil
	}
	live, found, err := r.cluster.Get(ctx, ref)
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.got, ref)
	if found && err == nil {
		r.got[ref] = live
	}
	return live, found, err
}

// versionOf is the version of an object that a list of names has.
func (r *Replica) versionOf(ref object.Ref) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for question, answer := range r.kept {
		if question.names && question.kind == ref.GroupKind() {
			if o, there := answer.objects[ref]; there {
				return o.GetResourceVersion()
			}
		}
	}
	return ""
}

func (r *Replica) answer(ctx context.Context, q question) ([]object.Object, error) {
	a, wait := r.keep(q)
	if wait {
		select {
		case <-a.ready:
		case <-ctx.Done():
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !a.settled {
		// Later questions do not wait again: the answer is a change when it comes.
		a.settled, a.err = true, context.Cause(ctx)
	}
	if a.err != nil {
		return nil, a.err
	}
	refs := slices.SortedFunc(maps.Keys(a.objects), func(x, y object.Ref) int {
		if order := strings.Compare(x.Namespace, y.Namespace); order != 0 {
			return order
		}
		return strings.Compare(x.Name, y.Name)
	})
	objects := make([]object.Object, len(refs))
	for i, ref := range refs {
		objects[i] = a.objects[ref]
	}
	return objects, nil
}

// keep begins to keep an answer up to date, if that has not begun.
func (r *Replica) keep(q question) (a *answer, wait bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, known := r.kept[q]
	if !known {
		a = &answer{ready: make(chan struct{})}
		r.kept[q] = a
		go r.observe(q, a)
	}
	return a, !a.settled
}

// observe goes on until the context ends; what may not be read is tried again
// now and then.
func (r *Replica) observe(q question, a *answer) {
	const often = 30 * time.Second
	observe := r.cluster.Observe
	if q.names {
		observe = r.cluster.ObserveNames
	}
	observer := object.Observer{
		All:     func(objects []object.Object) { r.all(a, objects) },
		One:     func(o object.Object, gone bool) { r.one(q, a, o, gone) },
		Trouble: func(err error) { r.troubled(a, err) },
	}
	for r.ctx.Err() == nil {
		err := observe(r.ctx, q.kind, q.query, observer)
		if r.ctx.Err() != nil {
			return
		}
		r.failed(a, err)
		select {
		case <-r.ctx.Done():
		case <-time.After(often):
		}
	}
}
