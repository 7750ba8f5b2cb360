package load

import (
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Cluster is what loading needs of a cluster.
type Cluster interface {
	List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error)
	Get(ctx context.Context, ref object.Ref) (object.Object, bool, error)
}

// Live are the objects of a cluster.
type Live struct {
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

// FromCluster lists kinds. One that may not be read is noted, and the others
// are read nevertheless. For anything else, such as a cluster that does not
// answer, it gives up. Of Secrets only those are read that the others refer to:
// see Secrets.
func FromCluster(ctx context.Context, cluster Cluster, kinds []analyze.Kind, istioNamespace string, unreadable func(error) bool) (*Live, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	found := make([][]object.Object, len(kinds))
	failed := make([]error, len(kinds))
	slots := make(chan struct{}, concurrent)
	var group sync.WaitGroup
	for i, kind := range kinds {
		if kind == analyze.Secret {
			continue
		}
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			found[i], failed[i] = cluster.List(ctx, kind.GroupKind(), query(kind, istioNamespace))
			if failed[i] != nil && !unreadable(failed[i]) {
				cancel(failed[i]) // the others would fail alike, or for want of this
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	live := &Live{}
	for i, kind := range kinds {
		if failed[i] != nil {
			live.Unreadable = append(live.Unreadable, Unreadable{Kind: kind, Err: failed[i]})
			continue
		}
		live.Objects = append(live.Objects, found[i]...)
		live.Listed = append(live.Listed, kind)
	}
	if !slices.Contains(kinds, analyze.Secret) {
		return live, nil
	}
	if err := live.secrets(ctx, cluster, istioNamespace); err != nil {
		if !unreadable(err) {
			return nil, err
		}
		live.Listed = slices.DeleteFunc(live.Listed, func(k analyze.Kind) bool { return k == analyze.Secret })
		live.Unreadable = append(live.Unreadable, Unreadable{Kind: analyze.Secret, Err: err})
	}
	return live, nil
}

// query narrows what is listed to what checks look at.
func query(kind analyze.Kind, istioNamespace string) object.Query {
	if kind == analyze.ConfigMap {
		return object.Query{Namespace: istioNamespace}
	}
	return object.Query{}
}
