// Package unknownkind finds objects of kinds and versions that no API server has.
package unknownkind

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/near"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH0003.md
var msh0003 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "unknownkind",
	Doc:   "Objects are of kinds and versions that exist, and that clusters of today serve.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Uses:  []analyze.Kind{analyze.CustomResourceDefinition},
	Codes: []*analyze.Code{unknown},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unknown = &analyze.Code{ID: "MSH0003", Severity: analyze.Error, Title: "A kind or a version is unknown", Doc: msh0003}

func run(pass *analyze.Pass) error {
	catalog := newCatalog(pass.Mesh)
	installed := installed(pass.Mesh)
	for resource := range pass.Mesh.Documented() {
		group, kind := resource.Kind.Group(), resource.Kind.Name()
		known := catalog[group][kind]
		switch {
		case catalog[group] == nil && !isOurs(group):
			strange(pass, resource, catalog)
		case known == nil:
			noKind(pass, resource, catalog)
		case installed != nil && isOurs(group) && !installed[resource.Kind]:
			pass.Reportf(unknown, resource, object.Field("kind"),
				"the cluster has no definition of %s.%s, so it refuses the object: install the definition first", kind, group)
		default:
			checkVersion(pass, resource, known)
		}
	}
	return nil
}

// installed are the kinds that are defined, if there is a cluster that said so.
func installed(mesh *analyze.Mesh) map[analyze.Kind]bool {
	kinds, live := map[analyze.Kind]bool{}, false
	for definition := range mesh.Definitions().All() {
		live = live || definition.Live()
		kinds[analyze.Kind(definition.Spec.Names.Kind+"."+definition.Spec.Group)] = true
	}
	if !live {
		return nil
	}
	return kinds
}

// strange looks at groups that nobody knows. Mostly they are somebody's; but
// not if a kind of ours has one that is nearly right.
func strange(pass *analyze.Pass, resource *analyze.Resource, c catalog) {
	group, kind := resource.Kind.Group(), resource.Kind.Name()
	homes := c.homes(kind)
	meant, only := near.Certain(group, homes)
	if meant == "" || !only {
		return
	}
	report(pass, resource, "apiVersion", c[meant][kind].latest(meant),
		fmt.Sprintf("there is no group %q: did you mean %q?", group, meant))
}

// noKind looks at kinds that their groups do not have.
func noKind(pass *analyze.Pass, resource *analyze.Resource, c catalog) {
	group, kind := resource.Kind.Group(), resource.Kind.Name()
	place := "in " + group
	if group == "" {
		place = "in the core group"
	}
	if homes := c.homes(kind); len(homes) > 0 {
		home := homes[0]
		instead := c[home][kind].latest(home)
		report(pass, resource, "apiVersion", instead, fmt.Sprintf("there is no %s %s: its apiVersion is %s", kind, place, instead))
		return
	}
	message := fmt.Sprintf("there is no kind %q %s", kind, place)
	meant := near.Name(kind, c.kinds(group))
	if meant == "" {
		if c[group] == nil {
			message = fmt.Sprintf("there is no group %q with a kind %q", group, kind)
		}
		report(pass, resource, "kind", "", message)
		return
	}
	report(pass, resource, "kind", meant, fmt.Sprintf("%s: did you mean %s?", message, meant))
}

// checkVersion looks at the version of a kind that exists.
func checkVersion(pass *analyze.Pass, resource *analyze.Resource, k *known) {
	group, kind, version := resource.Kind.Group(), resource.Kind.Name(), resource.Version
	old, isGone := k.gone[version]
	switch {
	case isGone:
		message := fmt.Sprintf("%s %s is gone since %s", join(group, version), kind, old.since)
		instead := old.instead
		if instead == "" && len(k.versions) > 0 {
			instead = k.latest(group)
		}
		if old.kind != "" {
			report(pass, resource, "apiVersion", "", fmt.Sprintf("%s: use %s of %s", message, old.kind, instead))
			return
		}
		if instead != "" {
			message += ": use " + instead
		}
		report(pass, resource, "apiVersion", instead, message)
	case len(k.versions) == 0:
		report(pass, resource, "apiVersion", "", fmt.Sprintf("there is no version %q of %s any more", version, kind))
	case !slices.Contains(k.versions, version):
		report(pass, resource, "apiVersion", k.latest(group), fmt.Sprintf("there is no version %q of %s: use %s", version, kind, strings.Join(k.versions, " or ")))
	case k.better && k.versions[0] != version && isStable(k.versions[0]):
		finding := diagnostic(resource, "apiVersion", k.latest(group), fmt.Sprintf("%s is there too, and serves the same: %s is the older name of it", k.versions[0], version))
		finding.Severity = analyze.Info
		for i := range finding.Fixes {
			finding.Fixes[i].Safe = true
		}
		pass.Report(finding)
	}
}

func report(pass *analyze.Pass, on *analyze.Resource, field, value, message string) {
	pass.Report(diagnostic(on, field, value, message))
}

func diagnostic(on *analyze.Resource, field, value, message string) analyze.Diagnostic {
	finding := analyze.Diagnostic{Code: unknown, On: on, Field: object.Field(field), Message: message}
	if value != "" {
		finding.Fixes = []analyze.Fix{{
			Title: "set " + field + " to " + value,
			Edits: []analyze.Edit{{On: on, Op: analyze.Set, Field: object.Field(field), Value: value}},
		}}
	}
	return finding
}

// latest is the apiVersion with the best version.
func (k *known) latest(group string) string {
	if len(k.versions) == 0 {
		return ""
	}
	return join(group, k.versions[0])
}

func join(group, version string) string {
	if group == "" {
		return version
	}
	return group + "/" + version
}

func isStable(version string) bool {
	return !strings.Contains(version, "alpha") && !strings.Contains(version, "beta")
}
