package kube

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"

	"github.com/meshctl/meshctl/internal/object"
)

// served is how the cluster serves one kind.
type served struct {
	Resource   string
	Namespaced bool
	// Versions starts with the one the cluster prefers.
	Versions []string
}

// kinds remembers what the cluster serves.
type kinds struct {
	// asking is held while the server is asked, so that only one caller asks.
	asking chan struct{}

	mu sync.Mutex
	// loads counts the answers since forget: an unknown kind is worth a second
	// question, and no more.
	loads int
	// old tells when what is known has been known for long.
	old    <-chan time.Time
	served map[schema.GroupKind]served
	// broken are groups whose server did not answer.
	broken map[string]error
	// learned are kinds of definitions applied by this process. Discovery lags
	// behind those by some seconds.
	learned map[schema.GroupKind]served
}

// knownFor is how long kinds stand that a server has told.
const knownFor = 30 * time.Second

func newKinds() *kinds {
	return &kinds{asking: make(chan struct{}, 1), learned: map[schema.GroupKind]served{}}
}

func (k *kinds) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loads, k.served, k.broken = 0, nil, nil
}

// forgetOld drops what has been known for long. Of several callers the first one
// does.
func (k *kinds) forgetOld() {
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case <-k.old:
		k.loads, k.served, k.broken = 0, nil, nil
	default:
	}
}

// find looks a kind up in what is known. settled means that asking the server
// (again) would not help.
func (k *kinds) find(kind schema.GroupKind) (how served, found, settled bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if how, found = k.served[kind]; found {
		return how, true, true
	}
	if how, found = k.learned[kind]; found {
		return how, true, true
	}
	return served{}, false, k.loads > 1
}

// store replaces what is known.
func (k *kinds) store(known map[schema.GroupKind]served, broken map[string]error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loads++
	k.old = time.After(knownFor)
	k.served, k.broken = known, broken
}

// learn remembers a kind from its definition; unlearn drops it.
func (k *kinds) learn(kind schema.GroupKind, how served) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.learned[kind] = how
}

func (k *kinds) unlearn(matches func(schema.GroupKind, served) bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, known := range []map[schema.GroupKind]served{k.learned, k.served} {
		for kind, how := range known {
			if matches(kind, how) {
				delete(known, kind)
			}
		}
	}
}

func (k *kinds) groupError(group string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.broken[group]
}

// Forget drops what is known about the kinds of the cluster, after definitions
// were added or removed by others.
func (c *Cluster) Forget() { c.kinds.forget() }

// Serves tells whether the cluster has a kind. The kinds are asked for once, and
// once more when one is not among them.
func (c *Cluster) Serves(ctx context.Context, kind schema.GroupKind) (bool, error) {
	_, found, err := c.serving(ctx, kind)
	return found, err
}

// Namespaced tells whether objects of a kind live in namespaces.
func (c *Cluster) Namespaced(ctx context.Context, kind schema.GroupKind) (bool, error) {
	how, err := c.mustServe(ctx, kind)
	return how.Namespaced, err
}

func (c *Cluster) mustServe(ctx context.Context, kind schema.GroupKind) (served, error) {
	how, found, err := c.serving(ctx, kind)
	if err == nil && !found {
		err = &UnknownKindError{Group: kind.Group, Kind: kind.Kind}
	}
	return how, err
}

func (c *Cluster) serving(ctx context.Context, kind schema.GroupKind) (served, bool, error) {
	if how, found, settled := c.kinds.find(kind); settled {
		return how, found, c.unsureOf(kind, found)
	}
	select {
	case c.kinds.asking <- struct{}{}:
		defer func() { <-c.kinds.asking }()
	case <-ctx.Done():
		return served{}, false, c.explain(ctx, "listing the kinds of the cluster", object.Ref{}, ctx.Err())
	}
	// Another caller may have asked meanwhile.
	how, found, settled := c.kinds.find(kind)
	if !settled {
		known, broken, err := c.discover(ctx)
		if err != nil {
			return served{}, false, err
		}
		c.kinds.store(known, broken)
		how, found, _ = c.kinds.find(kind)
	}
	return how, found, c.unsureOf(kind, found)
}

// unsureOf is the error of a kind that is not known because its group's server is down.
func (c *Cluster) unsureOf(kind schema.GroupKind, found bool) error {
	if err := c.kinds.groupError(kind.Group); err != nil && !found {
		return &GroupUnavailableError{Group: kind.Group, Err: err}
	}
	return nil
}

// discover asks for all kinds: two requests where discovery is aggregated.
func (c *Cluster) discover(ctx context.Context) (map[schema.GroupKind]served, map[string]error, error) {
	var (
		groups []*metav1.APIGroup
		lists  []*metav1.APIResourceList
		broken = map[string]error{}
	)
	err := c.do(ctx, func(ctx context.Context) (err error) {
		groups, lists, err = c.discovery.ServerGroupsAndResourcesWithContext(ctx)
		if failed, partial := discovery.GroupDiscoveryFailedErrorGroups(err); partial {
			for version, cause := range failed {
				broken[version.Group] = cause
			}
			return nil
		}
		return err
	})
	if err != nil {
		return nil, nil, c.explain(ctx, "listing the kinds of the cluster", object.Ref{}, err)
	}
	return index(groups, lists), broken, nil
}

// index orders what discovery says by kind.
func index(groups []*metav1.APIGroup, lists []*metav1.APIResourceList) map[schema.GroupKind]served {
	preferred := map[string]string{}
	for _, group := range groups {
		preferred[group.Name] = group.PreferredVersion.Version
	}
	known := map[schema.GroupKind]served{}
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue // no version of ours looks like that
		}
		for _, resource := range list.APIResources {
			if strings.Contains(resource.Name, "/") || !slices.Contains(resource.Verbs, "get") {
				continue // subresources, and reviews that cannot be read back
			}
			kind := schema.GroupKind{Group: version.Group, Kind: resource.Kind}
			how := known[kind]
			how.Resource, how.Namespaced = resource.Name, resource.Namespaced
			if version.Version == preferred[version.Group] {
				how.Versions = slices.Insert(how.Versions, 0, version.Version)
			} else {
				how.Versions = append(how.Versions, version.Version)
			}
			known[kind] = how
		}
	}
	return known
}

// locate finds the resource of a ref in the version the cluster prefers.
func (c *Cluster) locate(ctx context.Context, ref object.Ref) (schema.GroupVersionResource, served, bool, error) {
	how, found, err := c.serving(ctx, ref.GroupKind())
	if err != nil || !found {
		return schema.GroupVersionResource{}, served{}, false, err
	}
	return schema.GroupVersionResource{Group: ref.Group, Version: how.Versions[0], Resource: how.Resource}, how, true, nil
}

// place is the namespace in which an object of a kind really lives.
func (c *Cluster) place(how served, namespace string) string {
	switch {
	case !how.Namespaced:
		return ""
	case namespace == "":
		return c.namespace
	}
	return namespace
}
