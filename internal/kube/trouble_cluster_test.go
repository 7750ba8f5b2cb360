package kube_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

func TestServes_AsksOnceForAllKinds(t *testing.T) {
	door := newDoor(t)
	cluster := door.through(t, kube.Options{})
	for _, kind := range []schema.GroupKind{{Kind: "Pod"}, {Group: "apps", Kind: "Deployment"}, {Group: "rbac.authorization.k8s.io", Kind: "Role"}} {
		if serves, err := cluster.Serves(t.Context(), kind); err != nil || !serves {
			t.Errorf("Serves %s: %t, %v", kind, serves, err)
		}
	}
	if n := door.count(""); n != 2 {
		t.Errorf("%d requests, want 2: %v", n, door.passed)
	}
	unknown := schema.GroupKind{Group: "no.example", Kind: "Thing"}
	for range 3 {
		if serves, err := cluster.Serves(t.Context(), unknown); err != nil || serves {
			t.Errorf("Serves %s: %t, %v", unknown, serves, err)
		}
	}
	if n := door.count(""); n != 4 {
		t.Errorf("%d requests after an unknown kind, want 4: %v", n, door.passed)
	}
	cluster.Forget()
	if _, err := cluster.Serves(t.Context(), unknown); err != nil {
		t.Error(err)
	}
	if n := door.count(""); n != 6 {
		t.Errorf("%d requests after Forget, want 6: %v", n, door.passed)
	}
}

func TestApply_TriesAgainWhatPasses(t *testing.T) {
	t.Parallel()
	door := newDoor(t)
	cluster := door.through(t, kube.Options{})
	namespace := kubetest.Namespace(t, kubetest.Cluster(t))
	desired := kubetest.Object(t, configMap("a", namespace, "b"))
	troubles := map[string]func(http.ResponseWriter){
		"a connection that breaks":     func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"a new leader of etcd":         func(w http.ResponseWriter) { answer(w, 500, "etcdserver: leader changed") },
		"an overloaded server":         func(w http.ResponseWriter) { answer(w, 429, "too many requests") },
		"a server that is not there":   func(w http.ResponseWriter) { answer(w, 503, "no server") },
		"a kind that is not there yet": func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) },
	}
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			var left atomic.Int32
			left.Store(2)
			door.cause(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPatch || left.Add(-1) < 0 {
					return false
				}
				trouble(w)
				return true
			})
			if _, err := cluster.Apply(t.Context(), desired, object.Respect); err != nil {
				t.Error(err)
			}
			if left.Load() != -1 {
				t.Errorf("%d troubles left", left.Load()+1)
			}
		})
	}
}

func TestApply_DoesNotRepeatWhatStays(t *testing.T) {
	door := newDoor(t)
	cluster := door.through(t, kube.Options{})
	door.cause(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch {
			return false
		}
		answer(w, 500, "something is broken")
		return true
	})
	if _, err := cluster.Apply(t.Context(), kubetest.Object(t, configMap("a", "default", "b")), object.Respect); err == nil || !strings.Contains(err.Error(), "something is broken") {
		t.Errorf("Apply: %v", err)
	}
	if n := door.count("PATCH"); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func answer(w http.ResponseWriter, code int32, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(int(code))
	_ = json.NewEncoder(w).Encode(metav1.Status{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}, Status: metav1.StatusFailure, Code: code, Message: message,
	})
}

func TestAwait_SurvivesBrokenWatches(t *testing.T) {
	t.Parallel()
	door := newDoor(t)
	namespace := kubetest.Namespace(t, kubetest.Cluster(t))
	group := kubetest.Name() + ".example"
	admin := kubetest.Cluster(t)
	kubetest.Apply(t, admin, widgets(group))
	ref := kubetest.Apply(t, admin, widget(group, namespace, "one"))[0].Ref()
	where := outsider(t).Resource(schema.GroupVersionResource{Group: group, Version: "v1", Resource: "widgets"}).Namespace(namespace)
	setStatus(t, where, "one", ready("False"))

	cluster := door.through(t, kube.Options{RequestTimeout: 400 * time.Millisecond})
	log, done := newLog(), make(chan error, 1)
	go func() { done <- cluster.Await(t.Context(), []object.Ref{ref}, log.report) }()
	watches := func() int { return door.count("GET /apis/" + group) }
	log.wait(t, object.InProgress)
	eventually(t, func() bool { return watches() == 3 }) // get, list, watch

	door.CloseClientConnections()
	eventually(t, func() bool { return watches() == 4 }) // watch

	var expired atomic.Bool
	door.cause(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("watch") == "" || expired.Swap(true) {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"type": "ERROR", "object": map[string]any{
			"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "Expired", "code": http.StatusGone, "message": "too old resource version",
		}})
		return true
	})
	door.CloseClientConnections()
	eventually(t, func() bool { return watches() == 7 }) // watch, list, watch

	// Longer than the request timeout, which is not for watches.
	select {
	case err := <-done:
		t.Fatalf("Await ended: %v", err)
	case <-time.After(600 * time.Millisecond):
	}
	setStatus(t, where, "one", ready("True"))
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRequestTimeout_IsNamed(t *testing.T) {
	door := newDoor(t)
	cluster := door.through(t, kube.Options{RequestTimeout: 100 * time.Millisecond})
	door.cause(func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	})
	_, err := cluster.Version(t.Context())
	var unreachable *kube.UnreachableError
	if !errors.As(err, &unreachable) || unreachable.Obstacle != kube.Timeout || unreachable.Cause != "no answer within 100ms" {
		t.Errorf("Version: %v", err)
	}
}

func TestAwaitGone_TakesObjectsOfADeletedKindAsGone(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	group := kubetest.Name() + ".example"
	definition := kubetest.Apply(t, cluster, widgets(group))[0].Ref()
	ref := kubetest.Apply(t, cluster, widget(group, namespace, "one"))[0].Ref()
	door := newDoor(t)
	behind, done := door.through(t, kube.Options{}), make(chan error, 1)
	go func() { done <- behind.AwaitGone(t.Context(), []object.Ref{ref}, func(object.Ref) {}) }()
	eventually(t, func() bool { return door.count("GET /apis/"+group) == 3 }) // get, list, watch
	// The watch hears nothing of the end of its kind.
	door.cause(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/apis/"+group) {
			w.WriteHeader(http.StatusNotFound)
			return true
		}
		return false
	})
	door.CloseClientConnections()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := cluster.Delete(t.Context(), definition); err != nil {
		t.Error(err)
	}
}
