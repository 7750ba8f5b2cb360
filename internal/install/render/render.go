package render

import (
	"io/fs"

	"github.com/meshctl/meshctl/internal/profiles"
)

// Render runs the charts of every component of the mesh. assets holds
// charts/<name>, and the charts at OfficialPath that are to be used instead.
func Render(mesh *profiles.Mesh, assets fs.FS) (Manifest, error) {
	charts := newCharts(assets)
	manifest := Manifest{}
	for _, component := range mesh.Components {
		rendered, err := charts.component(mesh, component)
		if err != nil {
			return Manifest{}, charts.blame(err, mesh, component)
		}
		rendered.Warnings = append(rendered.Warnings, unused(component, mesh.Origin, rendered.Objects)...)
		if err := applySettings(component, mesh.Origin, rendered.Objects); err != nil {
			return Manifest{}, err
		}
		manifest.Components = append(manifest.Components, rendered)
	}
	return withNamespaces(mesh, manifest), nil
}
