// Package samples reads the applications and examples of configuration that
// come with meshctl: folders of manifests with a page, sample.yaml, that says
// what they are for and what to look at.
package samples

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/object"
)

// folder holds the samples, and page the description of each.
const (
	folder = "samples"
	page   = "sample.yaml"
)

// Sample is an application, or an example of what to do with one.
type Sample struct {
	// Name is that of its folder.
	Name string `json:"-"`
	// Title is one line.
	Title string `json:"title"`
	// Of is the application that an example is made for; empty for an application.
	Of string `json:"of,omitempty"`
	// Look says what there is to see, step by step.
	Look []Look `json:"look"`
}

// Look is one thing to look at.
type Look struct {
	// Do is a command, or what else to do. NAMESPACE stands for where the sample is.
	Do string `json:"do"`
	// See is what comes of it.
	See string `json:"see"`
}

// IsExample tells an example from an application.
func (s Sample) IsExample() bool { return s.Of != "" }

// UnknownError is a name that no sample has.
type UnknownError struct {
	Name string
	// Known are the samples that there are.
	Known []string
}

func (e *UnknownError) Error() string { return fmt.Sprintf("there is no sample %q", e.Name) }

// List reads the descriptions of all samples: applications first, each group by name.
func List(files fs.FS) ([]Sample, error) {
	names, err := names(files)
	if err != nil {
		return nil, err
	}
	all := make([]Sample, 0, len(names))
	for _, name := range names {
		sample, err := Get(files, name)
		if err != nil {
			return nil, err
		}
		all = append(all, sample)
	}
	slices.SortStableFunc(all, func(a, b Sample) int { return rank(a) - rank(b) })
	return all, nil
}

func rank(s Sample) int {
	if s.IsExample() {
		return 1
	}
	return 0
}

func names(files fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, fmt.Errorf("reading the samples: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Get reads the description of a sample. The error may be an UnknownError.
func Get(files fs.FS, name string) (Sample, error) {
	known, err := names(files)
	if err != nil {
		return Sample{}, err
	}
	if !slices.Contains(known, name) {
		return Sample{}, &UnknownError{Name: name, Known: known}
	}
	file := path.Join(folder, name, page)
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return Sample{}, fmt.Errorf("reading sample %s: %w", name, err)
	}
	sample := Sample{Name: name}
	if err := yaml.UnmarshalStrict(text, &sample); err != nil {
		return Sample{}, fmt.Errorf("reading %s: %w", file, err)
	}
	return sample, nil
}

// Text is the manifests of a sample as one stream of YAML.
func Text(files fs.FS, name string) ([]byte, error) {
	manifests, err := manifests(files, name)
	if err != nil {
		return nil, err
	}
	texts := make([][]byte, 0, len(manifests))
	for _, file := range manifests {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("reading sample %s: %w", name, err)
		}
		texts = append(texts, text)
	}
	return bytes.Join(texts, []byte("---\n")), nil
}

// Objects are those of a sample, in a namespace.
func Objects(files fs.FS, name, namespace string) ([]object.Object, error) {
	manifests, err := manifests(files, name)
	if err != nil {
		return nil, err
	}
	var all []object.Object
	for _, file := range manifests {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("reading sample %s: %w", name, err)
		}
		objects, err := object.Decode(file, text)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			o.SetNamespace(namespace)
			all = append(all, o)
		}
	}
	return all, nil
}

// manifests are the files of a sample, less its page.
func manifests(files fs.FS, name string) ([]string, error) {
	if _, err := Get(files, name); err != nil {
		return nil, err
	}
	found, err := fs.Glob(files, path.Join(folder, name, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading sample %s: %w", name, err)
	}
	return slices.DeleteFunc(found, func(file string) bool { return path.Base(file) == page }), nil
}
