package load_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/object"
)

var (
	errForbidden = errors.New("forbidden")
	errTooLate   = errors.New("it took too long")
)

// cluster is a made-up one: kinds fail, hang, or have some objects.
type cluster struct {
	objects map[analyze.Kind][]object.Object
	fails   map[analyze.Kind]error
	hangs   analyze.Kind
}

func (c *cluster) List(ctx context.Context, kind schema.GroupKind, _ object.Query) ([]object.Object, error) {
	k := analyze.KindOf(kind)
	if k == c.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return c.objects[k], c.fails[k]
}

func (c *cluster) ListNames(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error) {
	found, err := c.List(ctx, kind, query)
	var names []object.Object
	for _, one := range found {
		name := named(analyze.KindOf(kind), one.GetNamespace(), one.GetName(), nil)
		name.SetLabels(one.GetLabels())
		names = append(names, name)
	}
	return names, err
}

func (c *cluster) Get(_ context.Context, ref object.Ref) (object.Object, bool, error) {
	for _, one := range c.objects[analyze.KindOf(ref.GroupKind())] {
		if one.Ref() == ref {
			return one, true, nil
		}
	}
	return object.Object{}, false, nil
}

func named(kind analyze.Kind, namespace, name string, fields map[string]any) object.Object {
	content := map[string]any{
		"apiVersion": schema.GroupVersion{Group: kind.Group(), Version: "v1"}.String(), "kind": kind.Name(),
		"metadata": map[string]any{"name": name, "namespace": namespace},
	}
	maps.Copy(content, fields)
	return object.New(content, object.Source{})
}

func fromCluster(ctx context.Context, c *cluster, kinds ...analyze.Kind) (*load.Live, error) {
	return load.FromCluster(ctx, c, kinds, "istio-system", func(err error) bool { return errors.Is(err, errForbidden) })
}

func TestFromCluster_NotesWhatItMayNotRead(t *testing.T) {
	c := &cluster{
		objects: map[analyze.Kind][]object.Object{analyze.Service: {named(analyze.Service, "shop", "cart", nil)}},
		fails:   map[analyze.Kind]error{analyze.Pod: errForbidden, analyze.Secret: errForbidden},
	}
	live, err := fromCluster(t.Context(), c, analyze.Pod, analyze.Secret, analyze.Service)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(live.Kinds(), []analyze.Kind{analyze.Pod, analyze.Secret}) || !slices.Equal(live.Listed, []analyze.Kind{analyze.Service}) || len(live.Objects) != 1 {
		t.Errorf("got %+v", live)
	}
	c.fails[analyze.Service] = errors.New("the cluster is gone")
	if _, err = fromCluster(t.Context(), c, analyze.Pod, analyze.Service); err == nil || err.Error() != "the cluster is gone" {
		t.Errorf("got %v, want that the cluster is gone", err)
	}
}

func TestFromCluster_KeepsWhatWasReadInTime(t *testing.T) {
	c := &cluster{hangs: analyze.Pod}
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, errTooLate)
	defer cancel()
	live, err := fromCluster(ctx, c, analyze.Pod, analyze.Service)
	if err != nil {
		t.Fatal(err)
	}
	if len(live.Unreadable) != 1 || live.Unreadable[0].Kind != analyze.Pod || !errors.Is(live.Unreadable[0].Err, errTooLate) {
		t.Errorf("unreadable are %+v, want Pods for want of time", live.Unreadable)
	}
	if _, err := fromCluster(ctx, c, analyze.Pod); !errors.Is(err, errTooLate) {
		t.Errorf("got %v, want that nothing was read in time", err)
	}
}

func TestFromCluster_ReadsOnlySecretsThatCount(t *testing.T) {
	data := map[string]any{"type": "kubernetes.io/tls", "data": map[string]any{"tls.crt": "YQ=="}}
	remote := named(analyze.Secret, "istio-system", "west", data)
	remote.SetLabels(map[string]string{"istio/multiCluster": "true"})
	pod := named(analyze.Pod, "ingress", "gateway", nil)
	pod.SetLabels(map[string]string{"istio": "ingress"})
	c := &cluster{objects: map[analyze.Kind][]object.Object{
		analyze.Gateway: {named(analyze.Gateway, "shop", "public", map[string]any{"spec": map[string]any{
			"selector": map[string]any{"istio": "ingress"},
			"servers":  []any{map[string]any{"tls": map[string]any{"credentialName": "public"}}, map[string]any{"tls": map[string]any{"credentialName": "none"}}},
		}})},
		analyze.Pod: {pod},
		analyze.Secret: {
			named(analyze.Secret, "ingress", "public", data), named(analyze.Secret, "ingress", "private", data),
			named(analyze.Secret, "shop", "password", data), remote,
		},
	}}
	live, err := fromCluster(t.Context(), c, analyze.Gateway, analyze.Pod, analyze.Secret)
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, secret := range live.Objects {
		if secret.GetKind() == "Secret" {
			if _, full := secret.Object["data"]; full {
				read = append(read, secret.GetName())
			}
		}
	}
	if got := strings.Join(read, " "); got != "public west" {
		t.Errorf("what is in %q was read, want public and west", got)
	}
	if len(live.Objects) != 6 {
		t.Errorf("there are %d objects, want the names of all Secrets too", len(live.Objects))
	}
}
