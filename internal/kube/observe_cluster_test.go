package kube_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

// listener writes down what an observer is told.
type listener chan string

func (l listener) observer() object.Observer {
	return object.Observer{
		All: func(objects []object.Object) {
			names := make([]string, len(objects))
			for i, o := range objects {
				names[i] = o.GetName()
			}
			l <- "all: " + strings.Join(names, " ")
		},
		One: func(o object.Object, gone bool) {
			_, content := o.Object["data"]
			l <- fmt.Sprintf("%s, gone: %v, content: %v", o.GetName(), gone, content)
		},
		Trouble: func(error) {},
	}
}

func (l listener) wants(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-l:
		if got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("heard nothing, want %q", want)
	}
}

// ours leaves out what every namespace has.
func ours(namespace string) object.Query {
	return object.Query{Namespace: namespace, Fields: "metadata.name!=kube-root-ca.crt"}
}

func TestObserve_OutlastsConnections(t *testing.T) {
	t.Parallel()
	door := newDoor(t)
	admin := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, admin)
	maps := outsider(t).Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(namespace)
	kubetest.Apply(t, admin, configMap("one", namespace, "a"))

	whole, names := make(listener, 10), make(listener, 10)
	cluster := door.through(t, kube.Options{})
	kind := schema.GroupKind{Kind: "ConfigMap"}
	go func() { _ = cluster.Observe(t.Context(), kind, ours(namespace), whole.observer()) }()
	go func() { _ = cluster.ObserveNames(t.Context(), kind, ours(namespace), names.observer()) }()
	whole.wants(t, "all: one")
	names.wants(t, "all: one")
	kubetest.Apply(t, admin, configMap("two", namespace, "a"))
	whole.wants(t, "two, gone: false, content: true")
	names.wants(t, "two, gone: false, content: false")

	door.CloseClientConnections()
	if err := maps.Delete(t.Context(), "one", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	whole.wants(t, "one, gone: true, content: true")
	names.wants(t, "one, gone: true, content: false")
}

func TestObserve_SaysWhatMayNotBeRead(t *testing.T) {
	t.Parallel()
	cluster := newDoor(t).through(t, kube.Options{As: "nobody"})
	heard := make(listener, 10)
	err := cluster.Observe(t.Context(), schema.GroupKind{Kind: "ConfigMap"}, object.Query{}, heard.observer())
	if _, forbidden := errors.AsType[*kube.ForbiddenError](err); !forbidden || len(heard) > 0 {
		t.Errorf("got %v, and heard of %d things", err, len(heard))
	}
}
