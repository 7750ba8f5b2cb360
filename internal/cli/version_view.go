package cli

import (
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/buildinfo"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// versionView is the answer of version.
type versionView struct {
	Client clientVersion `json:"client"`
	// Installs are the versions of the mesh that can be chosen.
	Installs []profiles.Version `json:"installs"`
	// Mesh is missing when no cluster was asked or none answered.
	Mesh *meshVersion `json:"mesh,omitempty"`

	short bool
}

// clientVersion is this program, and the version of the mesh it installs unless
// told otherwise.
type clientVersion struct {
	buildinfo.Info
	MeshVersion string `json:"meshVersion"`
}

// Kind implements ui.View.
func (versionView) Kind() string { return "Version" }

// Text implements ui.View.
func (v versionView) Text(w ui.Writer) error {
	table := ui.NewTable()
	about := []string{v.Client.GoVersion, v.Client.Platform}
	if v.Client.Commit != "" {
		about = append([]string{"commit " + v.Client.Commit}, about...)
	}
	v.row(table, "meshctl", v.Client.Version, strings.Join(about, ", "))
	for _, version := range v.Installs {
		what := "installs Istio"
		if version.Name != v.Client.MeshVersion {
			what = "or, if asked to"
		}
		v.row(table, what, version.Name, fmt.Sprintf("on Kubernetes %s to %s", version.Kubernetes.Oldest, version.Kubernetes.Newest))
	}
	if v.Mesh != nil {
		v.rows(table)
	}
	return table.Print(w)
}

func (v versionView) rows(table *ui.Table) {
	if len(v.Mesh.ControlPlane) == 0 {
		v.row(table, "control plane", "none", "")
	}
	for _, plane := range v.Mesh.ControlPlane {
		v.row(table, "control plane", plane.Version, fmt.Sprintf("revision %s, %s/%s", plane.Revision, plane.Namespace, plane.Name))
	}
	if len(v.Mesh.DataPlane) == 0 {
		v.row(table, "data plane", "none", "")
	}
	for _, group := range v.Mesh.DataPlane {
		number := ui.Plural(group.Count, "proxy", "proxies")
		if group.Kind == kindZtunnel {
			number = ui.Plural(group.Count, "ztunnel", "ztunnels")
		}
		v.row(table, "data plane", fmt.Sprintf("%s (%s)", group.Version, number), "")
	}
}

func (v versionView) row(table *ui.Table, what, version, more string) {
	if v.short || more == "" {
		table.Row(what+":", version)
		return
	}
	table.Row(what+":", version, more)
}
