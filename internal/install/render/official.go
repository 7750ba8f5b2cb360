package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// OfficialChart is a chart of Istio's own that is to be used in place of ours.
// Assets hold it, as JSON, at OfficialPath of the component it is for.
type OfficialChart struct {
	Name    string
	Version string
	// Stamp says what it is and where it came from, for people.
	Stamp string
	Files map[string][]byte // by their path in the chart
}

// OfficialPath is where assets hold the official chart for a kind of component.
func OfficialPath(kind profiles.ComponentKind) string { return "official/" + string(kind) + ".json" }

// readOfficial is the official chart for a kind of component, nil if ours is to be used.
func readOfficial(assets fs.FS, kind profiles.ComponentKind) (*OfficialChart, error) {
	text, err := fs.ReadFile(assets, OfficialPath(kind))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, fmt.Errorf("reading the chart of %s: %w", kind, err)
	}
	var found OfficialChart
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, fmt.Errorf("reading the chart of %s: %w", kind, err)
	}
	return &found, nil
}

// component renders one component from the chart that is to be used for it.
func (c *charts) component(mesh *profiles.Mesh, component profiles.Component) (Component, error) {
	rendered := Component{Kind: component.Kind, Name: component.Name, Title: component.Title}
	official, err := readOfficial(c.assets, component.Kind)
	if err != nil {
		return rendered, err
	}
	if official != nil {
		if err := official.render(mesh, component, &rendered); err != nil {
			return rendered, err
		}
		inert := neverAGateway(component.Kind, rendered.Objects)
		if inert == "" {
			rendered.Chart = official.Stamp
			return rendered, nil
		}
		rendered.Warnings = []string{fmt.Sprintf("the chart of meshctl is used for %s: %s of chart %s %s would never become a gateway,"+
			" because it starts the proxy without arguments and asks not to be injected", component.Name, inert, official.Name, official.Version)}
	}
	rendered.Objects, err = c.render(component.Chart, component.Namespace, component.Values)
	return rendered, err
}

// render executes the chart as helm would.
func (o *OfficialChart) render(mesh *profiles.Mesh, component profiles.Component, into *Component) error {
	loaded, err := o.load()
	if err != nil {
		return &ChartError{Chart: o.Name, Err: err}
	}
	values := mesh.OfficialValues(component)
	if flatGateway(component.Kind, loaded) {
		if values, err = mesh.GatewayChartValues(component, o.Name); err != nil {
			return err
		}
	}
	rendered, err := o.execute(loaded, component.Namespace, values, mesh.Kubernetes)
	if err != nil {
		return &ChartError{Chart: o.Name, Err: err}
	}
	objects, err := o.objects(loaded, rendered)
	if err != nil {
		return &ChartError{Chart: o.Name, Err: err}
	}
	kept, left, err := withoutHooks(objects)
	if err != nil {
		return &ChartError{Chart: o.Name, Err: err}
	}
	into.Objects = placed(kept, component.Namespace)
	into.Warnings = append(notes(rendered), shortImages(o.Name, kept)...)
	if len(left) > 0 {
		into.Warnings = append(into.Warnings, fmt.Sprintf("hooks of chart %s that meshctl does not run are left out: %s", o.Name, strings.Join(left, ", ")))
	}
	return nil
}

func (o *OfficialChart) load() (*chart.Chart, error) {
	var files []*loader.BufferedFile
	for _, name := range slices.Sorted(maps.Keys(o.Files)) {
		files = append(files, &loader.BufferedFile{Name: name, Data: o.Files[name]})
	}
	return loader.LoadFiles(files)
}

func (o *OfficialChart) execute(loaded *chart.Chart, namespace string, values map[string]any, supported profiles.VersionRange) (map[string]string, error) {
	if err := chartutil.ProcessDependenciesWithMerge(loaded, values); err != nil {
		return nil, err
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	version, err := kubernetesFor(loaded.Metadata.KubeVersion, supported)
	if err != nil {
		return nil, err
	}
	capabilities.KubeVersion = version
	release := chartutil.ReleaseOptions{Name: ReleaseName, Namespace: namespace, Revision: 1, IsInstall: true}
	prepared, err := chartutil.ToRenderValues(loaded, values, release, capabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(loaded, prepared)
}

// kubernetesFor is the version of Kubernetes that a chart is rendered for: the
// oldest supported one that the chart accepts.
func kubernetesFor(accepted string, supported profiles.VersionRange) (chartutil.KubeVersion, error) {
	minors := supported.Minors()
	if len(minors) == 0 {
		return chartutil.DefaultCapabilities.KubeVersion, nil
	}
	for _, minor := range minors {
		version := kubeVersion(minor)
		if accepted == "" || chartutil.IsCompatibleRange(accepted, version.Version) {
			return version, nil
		}
	}
	return chartutil.KubeVersion{}, fmt.Errorf("it is for Kubernetes %s, and this version of Istio for %s to %s", accepted, supported.Oldest, supported.Newest)
}

// objects are what the templates made, and the definitions that a chart may
// have beside them. Helm never deletes those, so they are marked to be kept.
func (o *OfficialChart) objects(loaded *chart.Chart, rendered map[string]string) ([]object.Object, error) {
	objects, err := decodeTemplates(rendered)
	if err != nil {
		return nil, err
	}
	for _, definitions := range loaded.CRDObjects() {
		found, err := object.Decode(definitions.Filename, definitions.File.Data)
		if err != nil {
			return nil, err
		}
		for _, definition := range found {
			if slices.ContainsFunc(objects, func(o object.Object) bool { return o.Ref() == definition.Ref() }) {
				continue
			}
			annotate(definition, "helm.sh/resource-policy", "keep")
			objects = append(objects, definition)
		}
	}
	return objects, nil
}

func annotate(o object.Object, key, value string) {
	annotations := o.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[key] = value
	o.SetAnnotations(annotations)
}
