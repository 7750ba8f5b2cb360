package kube_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

// widgets is a definition whose objects say by themselves how they are.
func widgets(group string) string {
	return `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.` + group + `}
spec:
  group: ` + group + `
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`
}

func widget(group, namespace, name string) string {
	return "apiVersion: " + group + "/v1\nkind: Widget\nmetadata: {name: " + name + ", namespace: " + namespace + "}\n" +
		"spec: {size: 1}"
}

func ready(status string) map[string]any {
	return map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": status, "message": "because", "reason": "Test"}}}
}

// log collects what Await reports.
type log struct {
	mu    sync.Mutex
	lines []object.Health
	heard chan object.Health
}

func newLog() *log { return &log{heard: make(chan object.Health, 1000)} }

func (l *log) report(health object.Health) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, health)
	l.heard <- health
}

func (l *log) states(ref object.Ref) []object.HealthState {
	l.mu.Lock()
	defer l.mu.Unlock()
	var states []object.HealthState
	for _, health := range l.lines {
		if health.Ref == ref {
			states = append(states, health.State)
		}
	}
	return slices.Compact(states)
}

// wait returns once a state was reported, or fails.
func (l *log) wait(t *testing.T, state object.HealthState) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case health := <-l.heard:
			if health.State == state {
				return
			}
		case <-deadline:
			t.Fatalf("no object became %s", state)
		}
	}
}

func TestApplyAndAwait_NewDefinitionAndItsObjects(t *testing.T) {
	t.Parallel()
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	group := kubetest.Name() + ".example"
	kind := schema.GroupKind{Group: group, Kind: "Widget"}
	if serves, err := cluster.Serves(t.Context(), kind); err != nil || serves {
		t.Fatalf("Serves before: %t, %v", serves, err)
	}
	definition := kubetest.Apply(t, cluster, widgets(group))[0]
	if err := cluster.Await(t.Context(), []object.Ref{definition.Ref()}, newLog().report); err != nil {
		t.Fatal(err)
	}
	kubetest.Apply(t, cluster, widget(group, namespace, "one"))
	if namespaced, err := cluster.Namespaced(t.Context(), kind); err != nil || !namespaced {
		t.Errorf("Namespaced: %t, %v", namespaced, err)
	}
	listed, err := cluster.List(t.Context(), kind, object.Query{Namespace: namespace})
	if err != nil || len(listed) != 1 {
		t.Errorf("List: %d objects, %v", len(listed), err)
	}
	if err := cluster.Delete(t.Context(), definition.Ref()); err != nil {
		t.Fatal(err)
	}
	if err := cluster.AwaitGone(t.Context(), []object.Ref{definition.Ref(), listed[0].Ref()}, func(object.Ref) {}); err != nil {
		t.Fatal(err)
	}
	if _, found, err := cluster.Get(t.Context(), listed[0].Ref()); err != nil || found {
		t.Errorf("Get after the definition is gone: %t, %v", found, err)
	}
}

func TestDefines_KnowsWhatDiscoveryDoesNotYet(t *testing.T) {
	t.Parallel()
	others := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, others)
	cluster := kubetest.Cluster(t)
	group := kubetest.Name() + ".example"
	kind := schema.GroupKind{Group: group, Kind: "Widget"}
	for range 2 { // the second answer stands, as one does that comes too early
		if serves, err := cluster.Serves(t.Context(), kind); err != nil || serves {
			t.Fatalf("Serves before: %t, %v", serves, err)
		}
	}
	if defines, err := cluster.Defines(t.Context(), kind); err != nil || defines {
		t.Fatalf("Defines before: %t, %v", defines, err)
	}
	definition := kubetest.Apply(t, others, widgets(group))[0]
	t.Cleanup(func() { _ = others.Delete(context.WithoutCancel(t.Context()), definition.Ref()) })
	if serves, err := cluster.Serves(t.Context(), kind); err != nil || serves {
		t.Fatalf("Serves with old answers: %t, %v", serves, err)
	}
	if defines, err := cluster.Defines(t.Context(), kind); err != nil || !defines {
		t.Fatalf("Defines: %t, %v", defines, err)
	}
	if defines, err := cluster.Defines(t.Context(), schema.GroupKind{Group: group, Kind: "Gadget"}); err != nil || defines {
		t.Errorf("Defines another kind of the group: %t, %v", defines, err)
	}
	if _, err := cluster.DryRun(t.Context(), kubetest.Object(t, widget(group, namespace, "one")), object.Respect); err != nil {
		t.Errorf("DryRun before the kind is served: %v", err)
	}
}

func TestAwait_FollowsChangesUntilAllAreHealthy(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	group := kubetest.Name() + ".example"
	kubetest.Apply(t, cluster, widgets(group))
	one := kubetest.Apply(t, cluster, widget(group, namespace, "one"))[0].Ref()
	two := one
	two.Name = "two"
	where := outsider(t).Resource(schema.GroupVersionResource{Group: group, Version: "v1", Resource: "widgets"}).Namespace(namespace)
	setStatus(t, where, "one", ready("False"))

	log, done := newLog(), make(chan time.Time, 1)
	go func() {
		if err := cluster.Await(t.Context(), []object.Ref{one, two}, log.report); err != nil {
			t.Error(err)
		}
		done <- time.Now()
	}()
	log.wait(t, object.InProgress)
	kubetest.Apply(t, cluster, widget(group, namespace, "two"))
	log.wait(t, object.Healthy)
	setStatus(t, where, "two", ready("False"))
	log.wait(t, object.InProgress)
	setStatus(t, where, "one", ready("True"))
	log.wait(t, object.Healthy)
	setStatus(t, where, "two", ready("True"))
	changed := time.Now()
	late := (<-done).Sub(changed)
	t.Logf("noticed %s after the answer to the change", late)
	if late > 500*time.Millisecond {
		t.Errorf("noticed %s after the change", late)
	}
	if got, want := log.states(one), []object.HealthState{object.InProgress, object.Healthy}; !slices.Equal(got, want) {
		t.Errorf("one: %v, want %v", got, want)
	}
	if got, want := log.states(two), []object.HealthState{object.NotFound, object.Healthy, object.InProgress, object.Healthy}; !slices.Equal(got, want) {
		t.Errorf("two: %v, want %v", got, want)
	}
}

func deployment(namespace, name string) string {
	return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ` + name + `, namespace: ` + namespace + `}
spec:
  replicas: 2
  selector: {matchLabels: {app: ` + name + `}}
  template:
    metadata: {labels: {app: ` + name + `}}
    spec: {containers: [{name: main, image: example/image}]}
`
}

func TestAwait_Workloads(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	var refs []object.Ref
	for _, live := range kubetest.Apply(t, cluster, deployment(namespace, "web")+"---"+deployment(namespace, "api")+`---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: `+namespace+`}
spec: {type: LoadBalancer, ports: [{port: 80}], selector: {app: web}}
`) {
		refs = append(refs, live.Ref())
	}
	log := newLog()
	if err := cluster.Await(t.Context(), refs, log.report); err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		states := log.states(ref)
		if states[len(states)-1] != object.Healthy {
			t.Errorf("%s: %v", ref, states)
		}
	}
	web, _, err := cluster.Get(t.Context(), refs[0])
	if err != nil {
		t.Fatal(err)
	}
	pods, err := cluster.PodsOf(t.Context(), web)
	if err != nil || len(pods) != 2 {
		t.Errorf("PodsOf: %d pods, %v", len(pods), err)
	}
	events, err := cluster.Events(t.Context(), refs[0])
	if err != nil || len(events) == 0 || events[0].Reason != "ScalingReplicaSet" || events[0].Last.IsZero() {
		t.Errorf("Events: %v, %v", events, err)
	}
}

func TestAwait_EndsWithItsContext(t *testing.T) {
	cluster := kubetest.Cluster(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	log := newLog()
	err := cluster.Await(ctx, []object.Ref{{Kind: "ConfigMap", Namespace: "default", Name: "never"}}, log.report)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Await: %v", err)
	}
	if len(log.lines) != 1 || log.lines[0].State != object.NotFound {
		t.Errorf("reported %v", log.lines)
	}
}

func TestAwait_RefusesKindsThatAreNotServed(t *testing.T) {
	cluster := kubetest.Cluster(t)
	err := cluster.Await(t.Context(), []object.Ref{{Group: "no.example", Kind: "Thing", Name: "a"}}, newLog().report)
	if _, ok := errors.AsType[*kube.UnknownKindError](err); !ok {
		t.Errorf("Await: %v", err)
	}
}

func TestAwaitGone_WaitsForFinalizers(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	live := kubetest.Apply(t, cluster, configMap("held", namespace, "x")+"\n---\n"+configMap("free", namespace, "x"))
	held := live[0].Copy()
	where := outsider(t).Resource(configMaps).Namespace(namespace)
	hold(t, where, "held", "example.com/hold")
	refs := []object.Ref{held.Ref(), live[1].Ref(), {Kind: "ConfigMap", Namespace: namespace, Name: "never-there"}}
	for _, ref := range refs {
		if err := cluster.Delete(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	gone := make(chan object.Ref, 10)
	done := make(chan error, 1)
	go func() { done <- cluster.AwaitGone(t.Context(), refs, func(ref object.Ref) { gone <- ref }) }()
	<-gone
	<-gone
	select {
	case err := <-done:
		t.Fatalf("AwaitGone did not wait for the finalizer: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	hold(t, where, "held", "")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if ref := <-gone; ref != refs[0] {
		t.Errorf("last to go was %s", ref)
	}
}
