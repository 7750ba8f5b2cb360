package unknownkind

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed kinds.txt
var kinds string

// catalog is the kinds that are known, by group and name.
type catalog map[string]map[string]*known

// known is a kind.
type known struct {
	// versions are those that are served, the best first.
	versions []string
	gone     map[string]gone
	// better is true where older versions are said to be old.
	better bool
}

// gone is a version that nobody serves any more.
type gone struct {
	// since is the release without it, "Kubernetes 1.22".
	since string
	// instead is what serves the kind, or its successor, now.
	instead, kind string
}

// newCatalog has the kinds of Kubernetes, Istio and the Gateway API, and those
// whose definitions the mesh has.
func newCatalog(mesh *analyze.Mesh) catalog {
	c := catalog{}
	c.read(kinds)
	for kind, versions := range analyze.Known() {
		c.add(kind.GroupKind(), versions)
	}
	for definition := range mesh.Definitions().All() {
		var served []string
		for _, version := range definition.Spec.Versions {
			if version.Served {
				served = append(served, version.Name)
			}
		}
		kind := schema.GroupKind{Group: definition.Spec.Group, Kind: definition.Spec.Names.Kind}
		if kind.Kind != "" && len(served) > 0 {
			delete(c[kind.Group], kind.Kind) // the cluster serves these and no others
			c.add(kind, served)
		}
	}
	return c
}

func (c catalog) entry(kind schema.GroupKind) *known {
	if c[kind.Group] == nil {
		c[kind.Group] = map[string]*known{}
	}
	if c[kind.Group][kind.Kind] == nil {
		c[kind.Group][kind.Kind] = &known{gone: map[string]gone{}}
	}
	return c[kind.Group][kind.Kind]
}

// add adds versions to those that are known.
func (c catalog) add(kind schema.GroupKind, versions []string) {
	entry := c.entry(kind)
	for _, version := range versions {
		if !slices.Contains(entry.versions, version) {
			entry.versions = append(entry.versions, version)
		}
	}
	entry.better = isOurs(kind.Group)
}

// isOurs knows the groups of which only what the mesh acts upon exists.
func isOurs(group string) bool {
	return group == "gateway.networking.k8s.io" || strings.HasSuffix(group, ".istio.io")
}

// read reads the table.
func (c catalog) read(table string) {
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		entry := c.entry(schema.GroupKind{Group: strings.TrimPrefix(fields[0], "-"), Kind: fields[1]})
		for _, field := range fields[2:] {
			old, ok := strings.CutPrefix(field, "!")
			if !ok {
				entry.versions = append(entry.versions, field)
				continue
			}
			version, rest, _ := strings.Cut(old, "@")
			since, instead, _ := strings.Cut(rest, "=")
			apiVersion, kind, _ := strings.Cut(instead, ":")
			entry.gone[version] = gone{since: release(since), instead: apiVersion, kind: kind}
		}
	}
}

func release(since string) string {
	if version, ok := strings.CutPrefix(since, "istio-"); ok {
		return "Istio " + version
	}
	return "Kubernetes " + since
}

// groups are the names of all groups, in order.
func (c catalog) groups() []string { return slices.Sorted(maps.Keys(c)) }

// kinds are the names of the kinds of a group, in order.
func (c catalog) kinds(group string) []string { return slices.Sorted(maps.Keys(c[group])) }

// homes are the groups that have a kind of this name today.
func (c catalog) homes(kind string) []string {
	return slices.DeleteFunc(c.groups(), func(group string) bool {
		known := c[group][kind]
		return known == nil || len(known.versions) == 0
	})
}
