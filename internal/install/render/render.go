package render

import (
	"io/fs"
	"sync"

	"github.com/meshctl/meshctl/internal/profiles"
)

// Render runs the charts of every component of the mesh. assets holds
// charts/<name>, and the charts at OfficialPath that are to be used instead.
func Render(mesh *profiles.Mesh, assets fs.FS) (Manifest, error) {
	charts := newCharts(assets, mesh.Kubernetes)
	manifest := Manifest{Components: make([]Component, len(mesh.Components))}
	errs := make([]error, len(mesh.Components))
	var all sync.WaitGroup
	for i, component := range mesh.Components {
		all.Go(func() { manifest.Components[i], errs[i] = charts.finished(mesh, component) })
	}
	all.Wait()
	for _, err := range errs { // the first in the order of components, so that the same mistake is always told first
		if err != nil {
			return Manifest{}, err
		}
	}
	return withNamespaces(mesh, manifest), nil
}

// finished is a component with the user's settings for single objects carried out.
func (c *charts) finished(mesh *profiles.Mesh, component profiles.Component) (Component, error) {
	rendered, err := c.component(mesh, component)
	if err != nil {
		return rendered, c.blame(err, mesh, component)
	}
	rendered.Warnings = append(rendered.Warnings, unused(component, mesh.Origin, rendered.Objects)...)
	return rendered, applySettings(component, mesh.Origin, rendered.Objects)
}
