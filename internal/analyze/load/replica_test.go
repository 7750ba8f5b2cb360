package load_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/object"
)

// observed is a cluster whose news a test makes.
type observed struct {
	load.Cluster
	observers chan object.Observer
	ends      chan error
	gets      int
}

func (o *observed) Observe(ctx context.Context, _ schema.GroupKind, _ object.Query, observer object.Observer) error {
	o.observers <- observer
	select {
	case err := <-o.ends:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (o *observed) ObserveNames(ctx context.Context, kind schema.GroupKind, query object.Query, observer object.Observer) error {
	return o.Observe(ctx, kind, query, observer)
}

func (o *observed) Get(context.Context, object.Ref) (object.Object, bool, error) {
	o.gets++
	return versioned("a", "1", "x"), true, nil
}

func versioned(name, version, value string) object.Object {
	return object.New(map[string]any{
		"apiVersion": "v1", "kind": "Secret", "value": value,
		"metadata": map[string]any{"name": name, "namespace": "shop", "resourceVersion": version, "managedFields": []any{}},
	}, object.Source{})
}

func replicaOf(t *testing.T) (*load.Replica, *observed, chan struct{}) {
	t.Helper()
	changed := make(chan struct{}, 100)
	cluster := &observed{observers: make(chan object.Observer, 10), ends: make(chan error)}
	return load.NewReplica(t.Context(), cluster, func() { changed <- struct{}{} }), cluster, changed
}

func secretKind() schema.GroupKind { return schema.GroupKind{Kind: "Secret"} }

func listed(t *testing.T, r *load.Replica) []string {
	t.Helper()
	objects, err := r.List(t.Context(), secretKind(), object.Query{})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, o := range objects {
		names = append(names, o.GetName()+o.Object["value"].(string))
	}
	return names
}

func TestReplica_AnswersFromMemory(t *testing.T) {
	r, cluster, changed := replicaOf(t)
	go func() {
		observer := <-cluster.observers
		observer.All([]object.Object{versioned("b", "1", "x"), versioned("a", "1", "x")})
		cluster.observers <- observer
	}()
	if got := listed(t, r); !slices.Equal(got, []string{"ax", "bx"}) {
		t.Errorf("at first there are %v", got)
	}
	if len(changed) > 0 || r.Version() != 0 {
		t.Error("the first answer is told as a change")
	}
	observer := <-cluster.observers
	for _, step := range []struct {
		what  string
		do    func()
		want  []string
		quiet bool
	}{
		{what: "a change", do: func() { observer.One(versioned("a", "2", "y"), false) }, want: []string{"ay", "bx"}},
		{what: "another version of the same", do: func() { observer.One(versioned("a", "3", "y"), false) }, want: []string{"ay", "bx"}, quiet: true},
		{what: "a new one", do: func() { observer.One(versioned("c", "4", "x"), false) }, want: []string{"ay", "bx", "cx"}},
		{what: "one that goes", do: func() { observer.One(versioned("b", "5", "x"), true) }, want: []string{"ay", "cx"}},
		{what: "all again", do: func() { observer.All([]object.Object{versioned("a", "6", "y"), versioned("c", "4", "x")}) }, want: []string{"ay", "cx"}, quiet: true},
		{what: "others instead", do: func() { observer.All(nil) }, want: []string{}},
	} {
		before := r.Version()
		step.do()
		if got := listed(t, r); !slices.Equal(got, step.want) {
			t.Errorf("after %s there are %v, want %v", step.what, got, step.want)
		}
		if quiet := r.Version() == before; quiet != step.quiet {
			t.Errorf("%s is quiet: %v", step.what, quiet)
		}
	}
	observer.Trouble(errors.New("gone away"))
	if err := r.Trouble(); err == nil || len(listed(t, r)) != 0 {
		t.Errorf("trouble is %v", err)
	}
	observer.Trouble(nil)
	if err := r.Trouble(); err != nil {
		t.Errorf("trouble that is over is %v", err)
	}
}

func TestReplica_Failures(t *testing.T) {
	r, cluster, _ := replicaOf(t)
	refused := errors.New("may not list")
	go func() { cluster.ends <- refused }()
	if _, err := r.List(t.Context(), secretKind(), object.Query{}); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	// What is late is a change when it comes.
	r, cluster, changed := replicaOf(t)
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, refused)
	defer cancel()
	for range 2 {
		if _, err := r.List(ctx, secretKind(), object.Query{}); !errors.Is(err, refused) {
			t.Errorf("got %v", err)
		}
	}
	(<-cluster.observers).All([]object.Object{versioned("a", "1", "x")})
	<-changed
	if got := listed(t, r); len(got) != 1 {
		t.Errorf("there are %v", got)
	}
	// What is known stays when news ends.
	cluster.ends <- refused
	<-changed
	if got := listed(t, r); len(got) != 1 || !errors.Is(r.Trouble(), refused) {
		t.Errorf("there are %v, trouble is %v", got, r.Trouble())
	}
}

func TestReplica_GetsAgainWhatChanged(t *testing.T) {
	r, cluster, _ := replicaOf(t)
	go func() {
		observer := <-cluster.observers
		observer.All([]object.Object{versioned("a", "1", "")})
		cluster.observers <- observer
	}()
	if _, err := r.ListNames(t.Context(), secretKind(), object.Query{}); err != nil {
		t.Fatal(err)
	}
	ref := object.Ref{Kind: "Secret", Namespace: "shop", Name: "a"}
	get := func(want int) {
		t.Helper()
		if _, found, err := r.Get(t.Context(), ref); !found || err != nil || cluster.gets != want {
			t.Errorf("found is %v, error %v, requests %d, want %d", found, err, cluster.gets, want)
		}
	}
	get(1)
	get(1)
	(<-cluster.observers).One(versioned("a", "2", ""), false)
	if r.Version() != 1 {
		t.Error("another version of what has only a name is no change")
	}
	get(2)
}
