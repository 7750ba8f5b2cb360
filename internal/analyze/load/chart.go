package load

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/strvals"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Helm says how charts are rendered.
type Helm struct {
	// Values are files, Set arguments such as a.b=c; later ones win.
	Values, Set []string
	// Release is the name of the release; that of the chart if it is empty.
	Release   string
	Namespace string
}

// ChartError is a chart that cannot be rendered.
type ChartError struct {
	Chart string
	// Missing are dependencies that the chart does not have with it.
	Missing []string
	Err     error
}

func (e *ChartError) Error() string {
	if len(e.Missing) > 0 {
		return fmt.Sprintf("rendering chart %s: dependencies are missing: %s", e.Chart, strings.Join(e.Missing, ", "))
	}
	return fmt.Sprintf("rendering chart %s: %v", e.Chart, e.Err)
}

func (e *ChartError) Unwrap() error { return e.Err }

func isChart(folder string) bool {
	info, err := os.Stat(filepath.Join(folder, chartutil.ChartfileName))
	return err == nil && info.Mode().IsRegular()
}

func isArchive(name string) bool {
	return strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar.gz")
}

// chart reads what a chart in a folder or an archive makes.
func (r *fileReader) chart(at string) error {
	r.folders(at)
	for _, file := range r.Helm.Values {
		r.place(PlacesOf(file)...)
	}
	loaded, err := loader.Load(at)
	if err != nil {
		return &ChartError{Chart: at, Err: err}
	}
	return r.render(at, loaded)
}

func (r *fileReader) archive(location string, text []byte) error {
	loaded, err := loader.LoadArchive(bytes.NewReader(text))
	if err != nil {
		return &ChartError{Chart: location, Err: err}
	}
	return r.render(location, loaded)
}

// render reads the documents that templates make. Each belongs to the file of
// its template, and its lines are traced back as far as possible.
func (r *fileReader) render(at string, loaded *chart.Chart) error {
	if missing := missingDependencies(loaded); len(missing) > 0 {
		return &ChartError{Chart: at, Missing: missing}
	}
	templates := sources(loaded.Name(), loaded)
	rendered, err := r.execute(loaded)
	if err != nil {
		return &ChartError{Chart: at, Err: err}
	}
	r.files.Read = append(r.files.Read, at)
	for _, crd := range loaded.CRDObjects() {
		file := inside(at, crd.Filename)
		r.files.texts[file] = crd.File.Data
		r.documents(file, crd.File.Data, &object.Rendering{})
	}
	for _, name := range slices.Sorted(maps.Keys(rendered)) {
		base := path.Base(name)
		if strings.HasPrefix(base, "_") || base == "NOTES.txt" || strings.TrimSpace(rendered[name]) == "" {
			continue
		}
		file := inside(at, name)
		r.files.texts[file] = templates[name]
		text := []byte(rendered[name])
		r.documents(file, text, &object.Rendering{Lines: trace(text, templates[name])})
	}
	return nil
}

// inside is the path of a file of a chart, whose own names begin with the
// name of the chart.
func inside(at, name string) string {
	_, below, _ := strings.Cut(name, "/")
	return filepath.Join(at, filepath.FromSlash(below))
}

// sources are the texts of the templates by the names that the engine uses.
func sources(name string, loaded *chart.Chart) map[string][]byte {
	texts := map[string][]byte{}
	for _, template := range loaded.Templates {
		texts[path.Join(name, template.Name)] = template.Data
	}
	for _, dependency := range loaded.Dependencies() {
		maps.Copy(texts, sources(path.Join(name, "charts", dependency.Name()), dependency))
	}
	return texts
}

func missingDependencies(loaded *chart.Chart) []string {
	var missing []string
	for _, wanted := range loaded.Metadata.Dependencies {
		if !slices.ContainsFunc(loaded.Dependencies(), func(have *chart.Chart) bool { return have.Name() == wanted.Name }) {
			missing = append(missing, wanted.Name)
		}
	}
	return missing
}

// execute renders a chart as 'helm template' does, for a cluster with a mesh.
func (r *fileReader) execute(loaded *chart.Chart) (map[string]string, error) {
	values, err := r.Helm.merged()
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependenciesWithMerge(loaded, values); err != nil {
		return nil, err
	}
	release := chartutil.ReleaseOptions{Name: r.Helm.Release, Namespace: r.Helm.Namespace, Revision: 1, IsInstall: true}
	if release.Name == "" {
		release.Name = loaded.Name()
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	for kind, versions := range analyze.Known() {
		for _, version := range versions {
			if kind.Group() != "" {
				served := kind.Group() + "/" + version
				capabilities.APIVersions = append(capabilities.APIVersions, served, served+"/"+kind.Name())
			}
		}
	}
	prepared, err := chartutil.ToRenderValues(loaded, values, release, capabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(loaded, prepared)
}

// merged are the values of all files and arguments.
func (h Helm) merged() (map[string]any, error) {
	values := map[string]any{}
	for _, file := range h.Values {
		more, err := chartutil.ReadValuesFile(file)
		if err != nil {
			return nil, &FileError{File: file, Err: err}
		}
		values = chartutil.MergeTables(more, values)
	}
	for _, argument := range h.Set {
		if err := strvals.ParseInto(argument, values); err != nil {
			return nil, fmt.Errorf("reading --helm-set %s: %w", argument, err)
		}
	}
	return values, nil
}
