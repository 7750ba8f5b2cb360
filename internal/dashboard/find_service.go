package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// services lists the Services of a dashboard, the most likely one first.
func (f finder) services(ctx context.Context) ([]corev1.Service, error) {
	if f.options.Service != "" {
		service, err := f.named(ctx)
		return service, err
	}
	services, err := search(ctx, f, f.servicesIn)
	slices.SortFunc(services, func(a, b corev1.Service) int {
		return cmp.Or(f.claim(b)-f.claim(a), f.rank(a)-f.rank(b), cmp.Compare(a.Name, b.Name))
	})
	return services, err
}

// named is the Service that the user named.
func (f finder) named(ctx context.Context) ([]corev1.Service, error) {
	ref := object.Ref{Kind: "Service", Namespace: cmp.Or(f.options.Namespace, f.options.Home), Name: f.options.Service}
	live, found, err := f.cluster.Get(ctx, ref)
	switch {
	case err != nil:
		return nil, fmt.Errorf("looking for %s: %w", ref, err)
	case !found:
		return nil, &NotInstalledError{Dashboard: f.dashboard, Namespace: ref.Namespace, Service: ref.Name}
	}
	return typed[corev1.Service]([]object.Object{live})
}

// servicesIn looks in one namespace, or in all, by labels and then by names.
func (f finder) servicesIn(ctx context.Context, namespace string) ([]corev1.Service, error) {
	var queries []object.Query
	for _, selector := range f.selectors() {
		queries = append(queries, object.Query{Namespace: namespace, Labels: selector})
	}
	if f.options.Selector == "" {
		for _, known := range f.dashboard.Services {
			in, name := split(known)
			if in == "" || namespace == "" || namespace == in {
				queries = append(queries, object.Query{Namespace: cmp.Or(in, namespace), Fields: "metadata.name=" + name})
			}
		}
	}
	for _, query := range queries {
		services, err := list[corev1.Service](ctx, f.cluster, schema.GroupKind{Kind: "Service"}, query)
		if err != nil {
			return nil, err
		}
		// A Service without a selector leads out of the cluster, or to what others keep.
		services = slices.DeleteFunc(services, func(service corev1.Service) bool { return len(service.Spec.Selector) == 0 })
		if len(services) > 0 {
			return services, nil
		}
	}
	return nil, nil
}

// claim is how much a Service looks like the one with the pages, by its ports.
func (f finder) claim(service corev1.Service) int {
	most := 0
	for _, port := range service.Spec.Ports {
		most = max(most, claimOf(port, int(port.TargetPort.IntVal), f.dashboard.Port))
	}
	return most
}

// rank is smaller for names that are known.
func (f finder) rank(service corev1.Service) int {
	if service.Name == f.dashboard.Name {
		return -1
	}
	for i, known := range f.dashboard.Services {
		if in, name := split(known); name == service.Name && (in == "" || in == service.Namespace) {
			return i
		}
	}
	return len(f.dashboard.Services)
}

// split reads NAME or NAMESPACE/NAME.
func split(text string) (namespace, name string) {
	if in, name, both := strings.Cut(text, "/"); both {
		return in, name
	}
	return "", text
}

// search looks in the namespace that was named; else at home, and then
// everywhere, where what it finds must be in one namespace.
func search[T any, P metadata[T]](ctx context.Context, f finder, in func(context.Context, string) ([]T, error)) ([]T, error) {
	home := cmp.Or(f.options.Namespace, f.options.Home)
	found, err := in(ctx, home)
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", f.dashboard.Title, err)
	}
	if len(found) > 0 || f.options.Namespace != "" || home == "" {
		return found, f.unambiguous(namespacesOf[T, P](found))
	}
	found, err = in(ctx, "")
	if err != nil {
		// Who may not look everywhere knows at least that it is not at home.
		return nil, ctx.Err()
	}
	return found, f.unambiguous(namespacesOf[T, P](found))
}

// unambiguous refuses to choose between namespaces.
func (f finder) unambiguous(namespaces []string) error {
	if len(namespaces) > 1 {
		return &AmbiguousError{Dashboard: f.dashboard, Namespaces: namespaces}
	}
	return nil
}

// metadata is what has a namespace.
type metadata[T any] interface {
	*T
	GetNamespace() string
}

func namespacesOf[T any, P metadata[T]](found []T) []string {
	var namespaces []string
	for i := range found {
		namespaces = append(namespaces, P(&found[i]).GetNamespace())
	}
	slices.Sort(namespaces)
	return slices.Compact(namespaces)
}

func (f finder) notInstalled(ctx context.Context) error {
	missing := &NotInstalledError{Dashboard: f.dashboard, Namespace: f.options.Namespace, Selector: f.options.Selector}
	everywhere := f
	everywhere.options.Namespace = ""
	found, err := everywhere.servicesIn(ctx, "")
	switch {
	case err != nil && missing.Namespace == "":
		missing.Namespace = f.options.Home
	case err == nil:
		missing.Elsewhere = namespacesOf(found)
	}
	return missing
}
