package load

import (
	"context"
	"errors"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Cluster is what loading needs of a cluster.
type Cluster interface {
	List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error)
	// ListNames reads names and labels, and not what the objects hold.
	ListNames(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error)
	Get(ctx context.Context, ref object.Ref) (object.Object, bool, error)
}

// Live are the objects of a cluster.
type Live struct {
	// Cluster is its name, empty if there is but one.
	Cluster string
	Objects []object.Object
	// Listed are the kinds of which all objects are there.
	Listed []analyze.Kind
	// Unreadable are those that the cluster did not show, with the reason.
	Unreadable []Unreadable
}

// Unreadable is a kind that could not be listed.
type Unreadable struct {
	Kind analyze.Kind
	Err  error
}

// Kinds are those of the unreadable.
func (l *Live) Kinds() []analyze.Kind {
	kinds := make([]analyze.Kind, len(l.Unreadable))
	for i, one := range l.Unreadable {
		kinds[i] = one.Kind
	}
	return kinds
}

// Wanted are the kinds that some checks look at, each once and in order.
// Mesh configuration is in a ConfigMap.
func Wanted(analyzers []*analyze.Analyzer) []analyze.Kind {
	kinds := []analyze.Kind{analyze.ConfigMap}
	for _, a := range analyzers {
		kinds = append(kinds, a.Needs...)
		kinds = append(kinds, a.Uses...)
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	return slices.DeleteFunc(kinds, func(k analyze.Kind) bool {
		return k == analyze.MeshConfig || k == analyze.MeshNetworks || k == analyze.Cluster
	})
}

// concurrent is how many kinds are listed at a time.
const concurrent = 8

// FromCluster lists kinds. One that may not be read, or is not read before the
// context's deadline, is noted, and the others are there nevertheless. For
// anything else, such as a cluster that does not answer, it gives up, and also
// if there is nothing at all. Of Secrets only those are read that the others
// refer to: see secrets.
func FromCluster(ctx context.Context, cluster Cluster, kinds []analyze.Kind, istioNamespace string, unreadable func(error) bool) (*Live, error) {
	l := &lister{cluster: cluster, istioNamespace: istioNamespace, unreadable: unreadable, deadline: ctx, slots: make(chan struct{}, concurrent)}
	var cancel context.CancelCauseFunc
	l.ctx, cancel = context.WithCancelCause(ctx)
	defer cancel(nil)
	l.cancel = cancel
	live := &Live{}
	found := make([][]object.Object, len(kinds))
	failed := make([]error, len(kinds))
	l.parallel(len(kinds), func(i int) {
		if kinds[i] != analyze.Secret {
			found[i], failed[i] = cluster.List(l.ctx, kinds[i].GroupKind(), query(kinds[i], istioNamespace))
			failed[i] = l.judge(failed[i])
		}
	})
	for i, kind := range kinds {
		if kind != analyze.Secret {
			live.take(kind, found[i], failed[i])
		}
	}
	if slices.Contains(kinds, analyze.Secret) {
		secrets, err := l.secrets(live)
		live.take(analyze.Secret, secrets, err)
	}
	if err := context.Cause(l.ctx); err != nil && (!l.late() || len(live.Listed) == 0) { //nolint:contextcheck // it is the caller's, which this may end
		return nil, err
	}
	return live, nil
}

func (l *Live) take(kind analyze.Kind, objects []object.Object, err error) {
	if err != nil {
		l.Unreadable = append(l.Unreadable, Unreadable{Kind: kind, Err: err})
		return
	}
	l.Objects = append(l.Objects, objects...)
	l.Listed = append(l.Listed, kind)
}

// lister reads from one cluster.
type lister struct {
	cluster        Cluster
	istioNamespace string
	unreadable     func(error) bool
	// deadline is the context of the caller; ctx ends with it, or with an error
	// after which nothing else can be read.
	deadline, ctx context.Context
	cancel        context.CancelCauseFunc
	slots         chan struct{}
}

// late says whether the caller's time is over.
func (l *lister) late() bool { return errors.Is(l.deadline.Err(), context.DeadlineExceeded) }

// judge stops the others after an error that they would meet too, or that
// leaves too little. After the deadline, that is why something was not read.
func (l *lister) judge(err error) error {
	switch {
	case err == nil || l.unreadable(err):
		return err
	case l.late():
		return context.Cause(l.deadline)
	}
	l.cancel(err)
	return err
}

// parallel calls do for the numbers below n, some at a time.
func (l *lister) parallel(n int, do func(int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			l.slots <- struct{}{}
			defer func() { <-l.slots }()
			do(i)
		})
	}
	group.Wait()
}

// query narrows what is listed to what checks look at.
func query(kind analyze.Kind, istioNamespace string) object.Query {
	if kind == analyze.ConfigMap {
		return object.Query{Namespace: istioNamespace}
	}
	return object.Query{}
}
