package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// meshVersion is what runs in a cluster.
type meshVersion struct {
	ControlPlane []controlPlane `json:"controlPlane"`
	DataPlane    []proxies      `json:"dataPlane"`
}

// controlPlane is one istiod.
type controlPlane struct {
	Version   string `json:"version"`
	Revision  string `json:"revision"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// proxies are those of one version.
type proxies struct {
	Version string `json:"version"`
	Count   int    `json:"count"`
	// Kind is "proxy" (Envoy, in sidecars, gateways and waypoints) or "ztunnel".
	Kind string `json:"kind"`
}

const (
	kindProxy   = "proxy"
	kindZtunnel = "ztunnel"
)

// lister is what this needs of a cluster.
type lister interface {
	List(context.Context, schema.GroupKind, object.Query) ([]object.Object, error)
}

func findVersions(ctx context.Context, cluster lister) (*meshVersion, error) {
	pods := schema.GroupKind{Kind: "Pod"}
	var istiods, injected, ztunnels []object.Object
	var errs [3]error
	var group errgroup.Group
	for i, search := range []struct {
		found  *[]object.Object
		kind   schema.GroupKind
		labels string
	}{
		{&istiods, schema.GroupKind{Group: "apps", Kind: "Deployment"}, "app=istiod"},
		// Injection and gateways always set this label. Asking for it keeps the
		// other pods of a large cluster out of the answer.
		{&injected, pods, "service.istio.io/canonical-name"},
		{&ztunnels, pods, "app=ztunnel"},
	} {
		group.Go(func() error {
			*search.found, errs[i] = cluster.List(ctx, search.kind, object.Query{Labels: search.labels})
			return nil
		})
	}
	_ = group.Wait() // each search keeps its error, so that one failure does not hide the others' finds
	mesh := &meshVersion{ControlPlane: controlPlanes(istiods), DataPlane: count(injected, ztunnels)}
	// The searches mostly fail for the same reason; saying it once is enough.
	for i := range errs {
		if slices.ContainsFunc(errs[:i], func(other error) bool { return errs[i] != nil && other != nil }) {
			errs[i] = nil
		}
	}
	return mesh, errors.Join(errs[:]...)
}

func controlPlanes(deployments []object.Object) []controlPlane {
	found := make([]controlPlane, 0, len(deployments))
	for _, o := range deployments {
		found = append(found, controlPlane{
			Version:   imageTag(o, "discovery", "spec", "template", "spec"),
			Revision:  cmp.Or(o.GetLabels()["istio.io/rev"], "default"),
			Namespace: o.GetNamespace(),
			Name:      o.GetName(),
		})
	}
	slices.SortFunc(found, func(a, b controlPlane) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.Name, b.Name))
	})
	return found
}

// count groups the proxies of running pods by version.
func count(injected, ztunnels []object.Object) []proxies {
	counts := map[proxies]int{}
	take := func(pods []object.Object, kind, container string) {
		for _, pod := range pods {
			if version := imageTag(pod, container, "spec"); version != "" && !ended(pod) {
				counts[proxies{Version: version, Kind: kind}]++
			}
		}
	}
	take(injected, kindProxy, "istio-proxy")
	take(ztunnels, kindZtunnel, "istio-proxy")
	found := make([]proxies, 0, len(counts))
	for key, n := range counts {
		key.Count = n
		found = append(found, key)
	}
	slices.SortFunc(found, func(a, b proxies) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Version, b.Version))
	})
	return found
}

func ended(pod object.Object) bool {
	phase, _, _ := unstructured.NestedString(pod.Object, "status", "phase")
	return phase == "Succeeded" || phase == "Failed"
}

// imageTag is the version in the image of a container, "" if there is no such
// container. A sidecar may be among the init containers.
func imageTag(o object.Object, container string, podSpec ...string) string {
	for _, list := range []string{"containers", "initContainers"} {
		containers, _, _ := unstructured.NestedSlice(o.Object, append(slices.Clip(podSpec), list)...)
		for _, one := range containers {
			fields, _ := one.(map[string]any)
			if name, _ := fields["name"].(string); name != container {
				continue
			}
			image, _ := fields["image"].(string)
			return tagOf(image)
		}
	}
	return ""
}

// tagOf is the tag of an image, or what else tells its version.
func tagOf(image string) string {
	name, digest, _ := strings.Cut(image, "@")
	slash, colon := strings.LastIndex(name, "/"), strings.LastIndex(name, ":")
	if colon > slash {
		return name[colon+1:]
	}
	if digest != "" {
		return digest
	}
	return "latest"
}
