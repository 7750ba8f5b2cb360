package platform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/object"
)

// Facts is what a cluster says of itself. What is not known may be left out.
type Facts struct {
	// Version is that of the API server, with what its distributor added.
	Version string
	Nodes   []object.Object
	// Groups are API groups that it serves, of those in Groups(); Namespaces
	// and Daemons those that exist, of Namespaces() and Daemons().
	Groups, Namespaces, Daemons []string
	// Istiods are control planes that meshctl did not install.
	Istiods []object.Ref
}

// Groups lists kinds by which API groups are recognised.
func Groups() map[string]string {
	return map[string]string{
		"config.openshift.io":   "ClusterVersion",
		"security.openshift.io": "SecurityContextConstraints",
		"project.openshift.io":  "Project",
		sailGroup:               "Istio",
	}
}

// Namespaces lists the namespaces that tell something when they exist.
func Namespaces() []string { return []string{"ocne-system", azureNamespace} }

// Daemons lists DaemonSets of kube-system that tell something when they exist.
func Daemons() []string { return []string{ciliumDaemon} }

const (
	sailGroup      = "sailoperator.io"
	azureNamespace = "aks-istio-system"
	ciliumDaemon   = "cilium"
)

// sign is one thing by which a platform is recognised: what was seen, or "".
type sign func(Facts) string

// version looks for a part of the versions of the API server and the kubelets.
func version(part string) sign {
	return func(f Facts) string {
		if strings.Contains(f.Version, part) {
			return "the API server is " + f.Version
		}
		return kubelet(part)(f)
	}
}

func kubelet(parts ...string) sign {
	return onNodes(func(node object.Object) string {
		found := info(node, "kubeletVersion")
		for _, part := range parts {
			if strings.Contains(found, part) {
				return "kubelet " + found
			}
		}
		return ""
	})
}

func osImage(prefix string) sign {
	return onNodes(func(node object.Object) string {
		if found := info(node, "osImage"); strings.HasPrefix(found, prefix) {
			return "operating system " + found
		}
		return ""
	})
}

func provider(prefixes ...string) sign {
	return onNodes(func(node object.Object) string {
		id, _, _ := unstructured.NestedString(node.Object, "spec", "providerID")
		for _, prefix := range prefixes {
			if strings.HasPrefix(id, prefix) {
				return "providerID " + prefix + "…"
			}
		}
		return ""
	})
}

func nodeName(prefix string) sign {
	return onNodes(func(node object.Object) string {
		if strings.HasPrefix(node.GetName(), prefix) {
			return "a name that starts with " + prefix
		}
		return ""
	})
}

func nodeNamed(name string) sign {
	return onNodes(func(node object.Object) string {
		if node.GetName() == name {
			return "the name " + name
		}
		return ""
	})
}

// label takes keys, KEY=VALUE pairs, and PREFIX/* for any key that starts so.
func label(patterns ...string) sign {
	return onNodes(func(node object.Object) string { return keyed("label", node.GetLabels(), patterns) })
}

func annotation(patterns ...string) sign {
	return onNodes(func(node object.Object) string { return keyed("annotation", node.GetAnnotations(), patterns) })
}

func keyed(what string, values map[string]string, patterns []string) string {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		for _, pattern := range patterns {
			want, value, valued := strings.Cut(pattern, "=")
			prefix, open := strings.CutSuffix(want, "*")
			if key != want && (!open || !strings.HasPrefix(key, prefix)) || valued && values[key] != value {
				continue
			}
			if open {
				return what + " " + prefix + "…"
			}
			return what + " " + pattern
		}
	}
	return ""
}

func group(name string) sign {
	return func(f Facts) string {
		if slices.Contains(f.Groups, name) {
			return "the API group " + name
		}
		return ""
	}
}

func namespace(name string) sign {
	return func(f Facts) string {
		if slices.Contains(f.Namespaces, name) {
			return "the namespace " + name
		}
		return ""
	}
}

// onNodes says what most nodes show, and how many of them.
func onNodes(see func(object.Object) string) sign {
	return func(f Facts) string {
		counts := map[string]int{}
		most := ""
		for _, node := range f.Nodes {
			seen := see(node)
			if seen == "" {
				continue
			}
			counts[seen]++
			if counts[seen] > counts[most] {
				most = seen
			}
		}
		switch {
		case most == "":
			return ""
		case len(f.Nodes) == 1:
			return most + " of its node"
		case counts[most] == len(f.Nodes):
			return fmt.Sprintf("%s of all %d nodes", most, len(f.Nodes))
		}
		return fmt.Sprintf("%s of %d of %d nodes", most, counts[most], len(f.Nodes))
	}
}

func info(node object.Object, field string) string {
	text, _, _ := unstructured.NestedString(node.Object, "status", "nodeInfo", field)
	return text
}
