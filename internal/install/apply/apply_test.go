package apply

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/progress"
)

// recorder is a cluster that notes what is asked of it, in order. What is
// really applied is a matter of the tests against an API server.
type recorder struct {
	mu    sync.Mutex
	calls []string
	// sick never become healthy; refused are turned down.
	sick, refused map[string]bool
	// slow are answered when the time is up.
	slow map[string]bool
}

func (r *recorder) note(call string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call)
}

func (r *recorder) Apply(ctx context.Context, o object.Object, _ object.Ownership) (object.Object, error) {
	r.note("apply " + o.GetName())
	if r.slow[o.GetName()] {
		<-ctx.Done()
		return object.Object{}, ctx.Err()
	}
	if r.refused[o.GetName()] {
		return object.Object{}, errors.New("applying " + o.Ref().String() + ": not today")
	}
	return o, nil
}

func (r *recorder) Delete(_ context.Context, ref object.Ref) error {
	r.note("delete " + ref.Name)
	return nil
}

func (r *recorder) Await(ctx context.Context, refs []object.Ref, report func(object.Health)) error {
	sick := false
	for _, ref := range refs {
		if r.sick[ref.Name] {
			sick = true
			report(object.Health{Ref: ref, State: object.InProgress, Message: "Available: 0/1"})
			continue
		}
		report(object.Health{Ref: ref, State: object.Healthy})
		r.note("healthy " + ref.Name)
	}
	if sick {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (r *recorder) AwaitGone(_ context.Context, refs []object.Ref, report func(object.Ref)) error {
	for _, ref := range refs {
		r.note("gone " + ref.Name)
		report(ref)
	}
	return nil
}

func (r *recorder) Causes(_ context.Context, ref object.Ref) []string {
	return []string{"pod " + ref.Name + "-1, container proxy: ErrImagePull"}
}

func deployment(name string) object.Object {
	return object.New(map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": map[string]any{"name": name, "namespace": "istio-system"},
	}, object.Source{})
}

func step(component, name string, action plan.Action) plan.Step {
	return plan.Step{Action: action, Object: deployment(name), Component: component, Blocks: component != "Grafana"}
}

func twoWaves() plan.Plan {
	return plan.Plan{Waves: []plan.Wave{
		{Name: "control plane", Steps: []plan.Step{
			step("Control plane", "istiod", plan.Create),
			step("Grafana", "grafana", plan.Create),
			step("Base", "kept", plan.Keep),
		}},
		{Name: "gateways", Steps: []plan.Step{step("Ingress gateway", "ingress", plan.Change)}},
		{Name: "removing gateways", Steps: []plan.Step{step("Egress gateway", "egress", plan.Delete)}},
	}}
}

func options() Options { return Options{Wait: true, Timeout: time.Minute} }

func TestRun_StartsAWaveWhenTheLastIsHealthy(t *testing.T) {
	cluster := &recorder{}
	if err := Run(t.Context(), twoWaves(), cluster, options(), progress.Discard); err != nil {
		t.Fatal(err)
	}
	at := func(call string) int { return slices.Index(cluster.calls, call) }
	order := []string{"apply istiod", "healthy istiod", "apply ingress", "healthy ingress", "delete egress", "gone egress"}
	for i := 1; i < len(order); i++ {
		if at(order[i-1]) < 0 || at(order[i-1]) > at(order[i]) {
			t.Errorf("%q does not come before %q: %v", order[i-1], order[i], cluster.calls)
		}
	}
	if at("apply kept") >= 0 {
		t.Error("an object that is kept was applied")
	}
	if at("healthy grafana") < 0 {
		t.Error("nobody waited for the add-on")
	}
}

func TestRun_AddOnsHoldNothingBackButFailTheRun(t *testing.T) {
	cluster := &recorder{sick: map[string]bool{"grafana": true}}
	o := options()
	o.Timeout = 50 * time.Millisecond
	err := Run(t.Context(), twoWaves(), cluster, o, progress.Discard)
	var unhealthy *UnhealthyError
	if !errors.As(err, &unhealthy) {
		t.Fatalf("got %v, want an UnhealthyError", err)
	}
	if !slices.Contains(cluster.calls, "gone egress") {
		t.Errorf("an add-on held the later waves back: %v", cluster.calls)
	}
	if len(unhealthy.NotApplied) > 0 {
		t.Errorf("not applied: %v, want nothing", unhealthy.NotApplied)
	}
}

func TestRun_AnUnhealthyWaveEndsTheRun(t *testing.T) {
	cluster := &recorder{sick: map[string]bool{"istiod": true}}
	o := options()
	o.Timeout = 50 * time.Millisecond
	var events []progress.Event
	var mu sync.Mutex
	err := Run(t.Context(), twoWaves(), cluster, o, func(event progress.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, event)
	})
	want := `the mesh did not become healthy within 50ms
  Deployment istio-system/istiod: Available: 0/1
    pod istiod-1, container proxy: ErrImagePull
  not applied: Ingress gateway, Egress gateway`
	if err == nil || err.Error() != want {
		t.Errorf("error (-want +got):\n%s", cmp.Diff(want, err.Error()))
	}
	if slices.Contains(cluster.calls, "apply ingress") {
		t.Error("the next wave was applied all the same")
	}
	last := map[string]progress.State{}
	for _, event := range events {
		last[event.Subject] = event.State
	}
	wantStates := map[string]progress.State{
		"Control plane": progress.Failed, "Ingress gateway": progress.Skipped,
		"Egress gateway": progress.Skipped, "Grafana": progress.Done, "Base": progress.Done,
	}
	if diff := cmp.Diff(wantStates, last); diff != "" {
		t.Errorf("last states (-want +got):\n%s", diff)
	}
}

func TestRun_ARefusalEndsTheRun(t *testing.T) {
	cluster := &recorder{refused: map[string]bool{"istiod": true}}
	err := Run(t.Context(), twoWaves(), cluster, options(), progress.Discard)
	var refused *StepError
	if !errors.As(err, &refused) || refused.Step.Object.GetName() != "istiod" {
		t.Fatalf("got %v, want a StepError about istiod", err)
	}
	if !strings.HasPrefix(err.Error(), "applying Deployment istio-system/istiod: not today\n") {
		t.Errorf("error: %v", err)
	}
}

func TestRun_TimeThatIsUpIsNoRefusal(t *testing.T) {
	cluster := &recorder{slow: map[string]bool{"istiod": true}}
	err := Run(t.Context(), twoWaves(), cluster, Options{Wait: true, Timeout: time.Millisecond}, progress.Discard)
	unhealthy, ok := errors.AsType[*UnhealthyError](err)
	if !ok || len(unhealthy.NotApplied) == 0 {
		t.Errorf("Run: %v", err)
	}
}

func TestRun_AnInterruptIsTold(t *testing.T) {
	cluster := &recorder{sick: map[string]bool{"istiod": true}}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := Run(ctx, twoWaves(), cluster, options(), progress.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestRun_WithoutWaitingLooksAtNoHealth(t *testing.T) {
	cluster := &recorder{sick: map[string]bool{"istiod": true, "ingress": true, "grafana": true}}
	if err := Run(t.Context(), twoWaves(), cluster, Options{}, progress.Discard); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(cluster.calls, "apply ingress") {
		t.Errorf("calls: %v", cluster.calls)
	}
}
