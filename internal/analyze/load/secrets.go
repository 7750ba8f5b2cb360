package load

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// secrets reads the names of all Secrets, and what is in those that gateways
// refer to or with which one cluster reaches another. What all others hold is
// nobody's business.
func (l *lister) secrets(live *Live) ([]object.Object, error) {
	kind := analyze.Secret.GroupKind()
	named, err := l.cluster.ListNames(l.ctx, kind, object.Query{})
	if err != nil {
		return nil, l.judge(err)
	}
	wanted := live.credentials()
	position := make(map[object.Ref]int, len(named))
	for i, secret := range named {
		position[secret.Ref()] = i
		if secret.GetNamespace() == l.istioNamespace && secret.GetLabels()["istio/multiCluster"] == "true" {
			wanted = append(wanted, secret.Ref())
		}
	}
	slices.SortFunc(wanted, object.Ref.Compare)
	wanted = slices.DeleteFunc(slices.Compact(wanted), func(ref object.Ref) bool { _, there := position[ref]; return !there })
	failed := make([]error, len(wanted))
	l.parallel(len(wanted), func(i int) {
		secret, found, err := l.cluster.Get(l.ctx, wanted[i])
		if failed[i] = l.judge(err); found && err == nil {
			named[position[wanted[i]]] = secret
		}
	})
	at := slices.IndexFunc(failed, func(err error) bool { return err != nil })
	if at >= 0 {
		return nil, failed[at]
	}
	return named, nil
}

// credentials are the places where the Secrets of gateways may be: the
// namespaces of their pods, and their own.
func (l *Live) credentials() []object.Ref {
	refs := map[object.Ref]bool{}
	for _, gateway := range l.Objects {
		names := map[string]bool{}
		collect(gateway.Object["spec"], names)
		if len(names) == 0 {
			continue
		}
		namespaces := []string{gateway.GetNamespace()}
		if selector := labels(gateway, "spec", "selector"); len(selector) > 0 {
			namespaces = append(namespaces, l.namespacesOf(selector)...)
		}
		for name := range names {
			if namespace, plain, ok := strings.Cut(name, "/"); ok {
				refs[object.Ref{Kind: "Secret", Namespace: namespace, Name: plain}] = true
				continue
			}
			for _, namespace := range namespaces {
				refs[object.Ref{Kind: "Secret", Namespace: namespace, Name: name}] = true
				refs[object.Ref{Kind: "Secret", Namespace: namespace, Name: name + "-cacert"}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(refs), object.Ref.Compare)
}

// collect finds the names of credentials anywhere in a spec.
func collect(value any, names map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, field := range value {
			switch key {
			case "credentialName":
				if name, ok := field.(string); ok && !strings.Contains(name, "://") {
					names[name] = true
				}
			case "credentialNames":
				for _, item := range asList(field) {
					if name, ok := item.(string); ok && !strings.Contains(name, "://") {
						names[name] = true
					}
				}
			case "certificateRefs":
				for _, item := range asList(field) {
					certificate(item, names)
				}
			default:
				collect(field, names)
			}
		}
	case []any:
		for _, item := range value {
			collect(item, names)
		}
	}
}

func certificate(item any, names map[string]bool) {
	ref, _ := item.(map[string]any)
	name, _ := ref["name"].(string)
	if namespace, ok := ref["namespace"].(string); ok && name != "" {
		name = namespace + "/" + name
	}
	if name != "" {
		names[name] = true
	}
}

func asList(value any) []any {
	list, _ := value.([]any)
	return list
}

func labels(o object.Object, path ...string) map[string]string {
	value := any(o.Object)
	for _, name := range path {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	fields, _ := value.(map[string]any)
	found := make(map[string]string, len(fields))
	for name, field := range fields {
		found[name], _ = field.(string)
	}
	return found
}

// namespacesOf are those with pods that have the labels.
func (l *Live) namespacesOf(selector map[string]string) []string {
	namespaces := map[string]bool{}
	for _, pod := range l.Objects {
		if pod.GetKind() != "Pod" {
			continue
		}
		have := pod.GetLabels()
		matches := true
		for key, value := range selector {
			matches = matches && have[key] == value
		}
		if matches {
			namespaces[pod.GetNamespace()] = true
		}
	}
	return slices.Sorted(maps.Keys(namespaces))
}
