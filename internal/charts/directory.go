package charts

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"sigs.k8s.io/yaml"
)

// archiveCharts is where the archive of an Istio release has its charts.
const archiveCharts = "manifests/charts"

// directory is charts in a file system, packed or not, at any depth.
type directory struct {
	root   string
	charts map[string]map[string][]string // the paths of a version of a chart
}

func openDirectory(root string) (*directory, error) {
	d := &directory{root: root, charts: map[string]map[string][]string{}}
	from := root
	if inside := filepath.Join(root, archiveCharts); isDirectory(inside) {
		from = inside
	}
	err := filepath.WalkDir(from, d.look)
	if err != nil {
		return nil, err
	}
	if len(d.charts) == 0 {
		return nil, &LocationError{Location: root, Problem: "there are no charts in it"}
	}
	return d, nil
}

// look notes the chart at a path, if there is one.
func (d *directory) look(path string, found fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return &BrokenError{Location: path, Err: reason(err)}
	case !found.IsDir() && filepath.Ext(path) == ".tgz":
		loaded, err := loader.LoadFile(path)
		if err != nil {
			return &BrokenError{Location: path, Err: err}
		}
		d.add(loaded.Metadata, path)
	case found.IsDir():
		text, err := os.ReadFile(filepath.Join(path, "Chart.yaml"))
		if err != nil {
			return nil //nolint:nilerr // not a chart, but there may be some further down
		}
		var metadata chart.Metadata
		if err := yaml.Unmarshal(text, &metadata); err != nil {
			return &BrokenError{Location: filepath.Join(path, "Chart.yaml"), Err: err}
		}
		d.add(&metadata, path)
		return fs.SkipDir // what is below belongs to this chart
	}
	return nil
}

func (d *directory) add(metadata *chart.Metadata, path string) {
	if d.charts[metadata.Name] == nil {
		d.charts[metadata.Name] = map[string][]string{}
	}
	d.charts[metadata.Name][metadata.Version] = append(d.charts[metadata.Name][metadata.Version], path)
}

func (d *directory) String() string { return d.root }

func (d *directory) Names(context.Context) ([]string, error) {
	return slices.Sorted(maps.Keys(d.charts)), nil
}

func (d *directory) Versions(_ context.Context, name, _ string) ([]string, error) {
	return slices.Collect(maps.Keys(d.charts[name])), nil
}

func (d *directory) Fetch(_ context.Context, name, version string) (Chart, error) {
	paths := d.charts[name][version]
	if len(paths) > 1 {
		return Chart{}, &AmbiguousError{Chart: name, Version: version, Paths: paths}
	}
	path := paths[0]
	if !isDirectory(path) {
		archive, err := os.ReadFile(path)
		if err != nil {
			return Chart{}, &BrokenError{Location: path, Err: reason(err)}
		}
		return fromArchive(archive, path)
	}
	loaded, err := loader.LoadDir(path)
	if err != nil {
		return Chart{}, &BrokenError{Location: path, Err: err}
	}
	return fromLoaded(loaded, path), nil
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
