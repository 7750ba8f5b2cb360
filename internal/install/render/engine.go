package render

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// ReleaseName is the Helm release name that templates see. It is the same for
// every component, as upstream's tools have it, because labels are made of it.
const ReleaseName = "istio"

// ChartError is a chart that could not be loaded or executed. Where a template
// is to blame, and if so which values, blame finds out.
type ChartError struct {
	Chart string
	Err   error

	Template string // inside the chart, "" if none is to blame
	Line     int    // in it, 0 if there is none
	Reason   string // of the error, what is wrong there
	Refused  bool   // by the template itself, which says why
	Values   []UsedValue
}

func (e *ChartError) Error() string {
	switch {
	case e.Template == "":
		return fmt.Sprintf("rendering chart %s: %v", e.Chart, e.Err)
	case e.Line == 0:
		return fmt.Sprintf("rendering chart %s: %s: %s", e.Chart, e.Template, e.Reason)
	}
	return fmt.Sprintf("rendering chart %s: %s:%d: %s", e.Chart, e.Template, e.Line, e.Reason)
}
func (e *ChartError) Unwrap() error { return e.Err }

// charts loads each chart once and renders it as often as components need it.
type charts struct {
	assets fs.FS
	// kubernetes is the range that the mesh supports. Charts may rely on its oldest version.
	kubernetes profiles.VersionRange

	mu     sync.Mutex
	loaded map[string]func() (*chart.Chart, error)
}

func newCharts(assets fs.FS, kubernetes profiles.VersionRange) *charts {
	return &charts{assets: assets, kubernetes: kubernetes, loaded: map[string]func() (*chart.Chart, error){}}
}

// render executes the chart's templates with exactly the given values; the
// chart's own defaults are part of them already.
func (c *charts) render(name, namespace string, values map[string]any) ([]object.Object, error) {
	loaded, err := c.load(name)
	if err != nil {
		return nil, &ChartError{Chart: name, Err: err}
	}
	rendered, err := engine.Render(loaded, c.templateContext(loaded, namespace, values))
	if err != nil {
		return nil, &ChartError{Chart: name, Err: err}
	}
	objects, err := decodeTemplates(rendered)
	if err != nil {
		return nil, &ChartError{Chart: name, Err: err}
	}
	return objects, nil
}

// notesFile is what a chart says to its users once it is installed.
const notesFile = "NOTES.txt"

// decodeTemplates reads the objects that templates made, in the order of their files.
func decodeTemplates(rendered map[string]string) ([]object.Object, error) {
	var objects []object.Object
	for _, file := range slices.Sorted(maps.Keys(rendered)) {
		if base := path.Base(file); strings.HasPrefix(base, "_") || base == notesFile {
			continue
		}
		decoded, err := object.Decode(file, []byte(rendered[file]))
		if err != nil {
			return nil, err
		}
		objects = append(objects, decoded...)
	}
	return objects, nil
}

// load may be called for several components at once; those of one chart wait
// for each other, those of different charts do not.
func (c *charts) load(name string) (*chart.Chart, error) {
	c.mu.Lock()
	load, known := c.loaded[name]
	if !known {
		load = sync.OnceValues(func() (*chart.Chart, error) { return c.read(name) })
		c.loaded[name] = load
	}
	c.mu.Unlock()
	return load()
}

// read reads a chart, and the charts beside it that it says to depend on.
func (c *charts) read(name string) (*chart.Chart, error) {
	loaded, err := c.readFiles(name)
	if err != nil {
		return nil, err
	}
	for _, needed := range loaded.Metadata.Dependencies {
		beside, ok := strings.CutPrefix(needed.Repository, "file://../")
		if !ok {
			return nil, fmt.Errorf("chart %s depends on %s in %q, and only charts beside it can be had", name, needed.Name, needed.Repository)
		}
		dependency, err := c.readFiles(beside)
		if err != nil {
			return nil, err
		}
		loaded.AddDependency(dependency)
	}
	return loaded, nil
}

func (c *charts) readFiles(name string) (*chart.Chart, error) {
	var files []*loader.BufferedFile
	root := path.Join("charts", name)
	err := fs.WalkDir(c.assets, root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(c.assets, file)
		if err != nil {
			return err
		}
		files = append(files, &loader.BufferedFile{Name: strings.TrimPrefix(file, root+"/"), Data: bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", root, err)
	}
	return loader.LoadFiles(files)
}

func (c *charts) templateContext(loaded *chart.Chart, namespace string, values map[string]any) chartutil.Values {
	capabilities := chartutil.DefaultCapabilities.Copy()
	if minors := c.kubernetes.Minors(); len(minors) > 0 {
		capabilities.KubeVersion = kubeVersion(minors[0])
	}
	return chartutil.Values{
		"Chart":        loaded.Metadata,
		"Capabilities": capabilities,
		"Values":       values,
		"Release": map[string]any{
			"Name":      ReleaseName,
			"Namespace": namespace,
			"IsInstall": true,
			"IsUpgrade": false,
			"Revision":  1,
			"Service":   "Helm",
		},
	}
}

// kubeVersion is a minor version such as 1.32 as templates see it.
func kubeVersion(minor string) chartutil.KubeVersion {
	major, rest, _ := strings.Cut(minor, ".")
	return chartutil.KubeVersion{Version: "v" + minor + ".0", Major: major, Minor: rest}
}
