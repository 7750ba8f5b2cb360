package kube_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

var leases = schema.GroupVersionResource{Group: "coordination.k8s.io", Version: "v1", Resource: "leases"}

func leaseRef(namespace string) object.Ref {
	return object.Ref{Group: "coordination.k8s.io", Kind: "Lease", Namespace: namespace, Name: "meshctl"}
}

func TestLock_IsHeldByOneAndLeavesNothing(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	first, err := cluster.Lock(t.Context(), kube.LockOptions{Namespace: namespace, Name: "meshctl", Holder: "jane@laptop"})
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan string, 10)
	second := make(chan *kube.Lock)
	go func() {
		lock, err := cluster.Lock(t.Context(), kube.LockOptions{
			Namespace: namespace, Name: "meshctl", Holder: "joe@ci",
			Waiting: func(holder string, since time.Time) {
				if time.Since(since) > time.Minute {
					t.Errorf("held since %s", since)
				}
				waiting <- holder
			},
		})
		if err != nil {
			t.Error(err)
		}
		second <- lock
	}()
	if holder := <-waiting; holder != "jane@laptop" {
		t.Errorf("waits for %q", holder)
	}
	if err := first.Context().Err(); err != nil {
		t.Errorf("first lock: %v", err)
	}
	if err := first.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(first.Context().Err(), context.Canceled) {
		t.Error("the context of a released lock goes on")
	}
	lock := <-second
	if err := lock.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if _, found, err := cluster.Get(t.Context(), leaseRef(namespace)); err != nil || found {
		t.Errorf("the lease is still there: %t, %v", found, err)
	}
}

func TestLock_WaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	options := kube.LockOptions{Namespace: namespace, Name: "meshctl", Holder: "same name"}
	first, err := cluster.Lock(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := cluster.Lock(ctx, options); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("second lock of the same name: %v", err)
	}
	if err := first.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLock_TakesOverAnExpiredLease(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	// The clock of the one that died was wrong; it must not matter.
	kubetest.Apply(t, cluster, `
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: meshctl, namespace: `+namespace+`}
spec: {holderIdentity: dead_1, leaseDurationSeconds: 1, renewTime: "2101-01-01T00:00:00.000000Z", leaseTransitions: 4}
`)
	lock, err := cluster.Lock(t.Context(), kube.LockOptions{Namespace: namespace, Name: "meshctl", Holder: "jane"})
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLock_NoticesThatItWasTaken(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	lock, err := cluster.Lock(t.Context(), kube.LockOptions{Namespace: namespace, Name: "meshctl", Holder: "jane"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = outsider(t).Resource(leases).Namespace(namespace).
		Patch(t.Context(), "meshctl", types.MergePatchType, []byte(`{"spec":{"holderIdentity":"thief_1"}}`), metav1.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-lock.Context().Done():
	case <-time.After(10 * time.Second):
		t.Fatal("the loss was not noticed")
	}
	var lost *kube.LockLostError
	if cause := context.Cause(lock.Context()); !errors.As(cause, &lost) {
		t.Errorf("cause: %v", cause)
	}
	if err := lock.Release(t.Context()); err != nil {
		t.Errorf("Release of a lost lock: %v", err)
	}
	if _, found, err := cluster.Get(t.Context(), leaseRef(namespace)); err != nil || !found {
		t.Errorf("the lease of the other was deleted: %t, %v", found, err)
	}
}

// On a slow cluster a renewal is written and its answer comes too late, and so does
// the answer to who holds the lease then.
func TestLock_OutlivesAnswersThatAreLost(t *testing.T) {
	t.Parallel()
	door := newDoor(t)
	cluster := door.through(t, kube.Options{})
	namespace := kubetest.Namespace(t, kubetest.Cluster(t))
	lock, err := cluster.Lock(t.Context(), kube.LockOptions{Namespace: namespace, Name: "meshctl", Holder: "jane"})
	if err != nil {
		t.Fatal(err)
	}
	const slow = 5500 * time.Millisecond // longer than a renewal waits
	var since atomic.Pointer[time.Time]
	door.cause(func(_ http.ResponseWriter, r *http.Request) bool {
		now := time.Now()
		switch {
		case !strings.HasSuffix(r.URL.Path, "/leases/meshctl"):
			return false
		case r.Method == http.MethodPut && since.CompareAndSwap(nil, &now):
			door.inside.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case r.Method == http.MethodGet && since.Load() != nil && time.Since(*since.Load()) < slow:
			panic(http.ErrAbortHandler)
		}
		return false
	})
	select {
	case <-lock.Context().Done():
		t.Errorf("the lock was lost: %v", context.Cause(lock.Context()))
	case <-time.After(14 * time.Second):
	}
	if since.Load() == nil {
		t.Error("the lock was not renewed")
	}
	if err := lock.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if _, found, err := cluster.Get(t.Context(), leaseRef(namespace)); err != nil || found {
		t.Errorf("the lease is still there: %t, %v", found, err)
	}
}

func TestLock_NeedsItsNamespace(t *testing.T) {
	cluster := kubetest.Cluster(t)
	_, err := cluster.Lock(t.Context(), kube.LockOptions{Namespace: kubetest.Name(), Name: "meshctl", Holder: "jane"})
	if _, ok := errors.AsType[*kube.MissingNamespaceError](err); !ok {
		t.Errorf("Lock: %v", err)
	}
}
