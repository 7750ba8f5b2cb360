// Package profiles turns what a user asked for (a named profile, IstioOperator
// files, --set arguments) into one resolved mesh: which components are on, the
// values each chart is rendered with, and where every single value came from.
//
// It is pure: the same Config and the same built-in assets give the same Mesh.
// It reads nothing but the bytes and the file system it is handed, knows no
// cluster, and imports no other package of this module.
package profiles

import (
	"io/fs"
	"slices"
)

// Config is what the user asked for. A later setting beats an earlier one:
// files in order, then Sets and Flags in order, then Profile and Revision.
type Config struct {
	Profile  string   // --profile NAME or file; "" = what the files or sets say, else "default"
	Files    []File   // -f, in order
	Sets     []string // path=value as --set takes it, in order
	Flags    []Set    // --set, --set-string, --set-file and --set-json, in the order given
	Revision string   // --revision; "default" is as good as ""

	Version  Version   // of Istio; the zero Version leaves images to the charts
	Platform Platform  // the zero Platform is none
	Settings []Setting // by flags of their own

	ReadFile func(name string) ([]byte, error) // for profiles in files; nil if there are none to read
}

// File is a configuration file the user named. "-" stands for standard input.
type File struct {
	Name string
	Data []byte
}

// Tree is configuration as the chart engine takes it: maps, lists, strings,
// booleans, int64 and float64.
type Tree map[string]any

// Mesh is the resolved configuration of one installation.
type Mesh struct {
	Profile    string       // the profile it is based on
	Version    string       // of Istio; "" if the Config names none
	Kubernetes VersionRange // that the version supports; zero if the Config names none
	Namespace  string       // where istiod goes
	Revision   string       // "" is the default revision
	Components []Component  // all that are on, in the order they are installed
	Values     Tree         // spec.values with every layer below it; nulls are gone
	Warnings   []string     // what the user should know but need not change, in order of discovery

	asked *node // the profile and what the user says, with origins
	spec  *node // the resolved spec, with origins
}

// Resolve layers the built-in settings and the user's. The error joins every
// problem found in the configuration: see Problems.
func Resolve(config Config, assets fs.FS) (*Mesh, error) {
	asked, err := read(config)
	if err != nil {
		return nil, err
	}
	base, err := asked.base(config.ReadFile)
	if err != nil {
		return nil, err
	}
	spec, err := readProfile(assets, base.text, base.origin)
	if err != nil {
		return nil, err
	}
	if spec, err = config.Platform.under(spec, asked); err != nil {
		return nil, err
	}
	for _, operator := range asked.files {
		spec = merge(spec, operator.spec)
	}
	var check checker
	spec = assignAll(spec, asked.sets, &check.problems)
	spec = spec.with(base, "profile")
	said := spec
	charts, err := readCharts(assets)
	if err != nil {
		return nil, err
	}
	charts = charts.of(config.Version)
	if err := check.request(asked, spec, charts); err != nil {
		return nil, err
	}
	values, err := overlaid(spec, assets)
	if err != nil {
		return nil, err
	}
	spec = translate(spec.with(values, "values"))
	values = merge(spec.at("values"), spec.at("unvalidatedValues"))
	spec = spec.with(merge(charts.shared(), values), "values")
	mesh := newMesh(spec, values, charts)
	mesh.asked = said
	mesh.Version, mesh.Kubernetes = config.Version.Name, config.Version.Kubernetes
	mesh.Profile = base.text
	mesh.Warnings = slices.Concat(check.warnings, asked.ignored(spec), overruled(said), rivals(spec))
	return mesh, nil
}

// Spec is the resolved IstioOperator spec.
func (m *Mesh) Spec() map[string]any { return m.spec.tree() }

// Origin tells who set the leaf at a path below spec, or who last changed
// something below it. Elements of lists are addressed by their index. It is
// the zero Origin if there is nothing at that path.
func (m *Mesh) Origin(path ...string) Origin {
	if found := m.spec.at(path...); found != nil {
		return found.origin
	}
	return Origin{}
}
