package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// versionsFile is the table of versions, beside charts/ and profiles/.
const versionsFile = "versions.yaml"

// Version is a release of Istio that can be installed.
type Version struct {
	Name       string        `yaml:"version" json:"version"`
	Hub        string        `yaml:"hub" json:"hub"`
	Tag        string        `yaml:"tag" json:"tag"`
	Kubernetes VersionRange  `yaml:"kubernetes" json:"kubernetes"`
	GatewayAPI VersionRange  `yaml:"gatewayAPI" json:"gatewayAPI"`
	Charts     VersionCharts `yaml:"charts" json:"-"`
}

// VersionCharts says which charts and profiles a version is made from.
type VersionCharts struct {
	Folder  string `yaml:"folder"`
	Version string `yaml:"version"` // the release they were written for
}

// VersionRange is a range of minor versions, both ends included.
type VersionRange struct {
	Oldest string `yaml:"oldest" json:"oldest"`
	Newest string `yaml:"newest" json:"newest"`
}

// Minors lists the versions of the range, "1.32" to "1.36", the oldest first;
// none if it has no ends.
func (r VersionRange) Minors() []string {
	major, oldest, _ := strings.Cut(r.Oldest, ".")
	_, newest, _ := strings.Cut(r.Newest, ".")
	first, err := strconv.Atoi(oldest)
	last, err2 := strconv.Atoi(newest)
	if err != nil || err2 != nil {
		return nil
	}
	var minors []string
	for minor := first; minor <= last; minor++ {
		minors = append(minors, major+"."+strconv.Itoa(minor))
	}
	return minors
}

// Versions is the table of the versions that can be installed.
type Versions struct {
	Default string    `yaml:"default"`
	Known   []Version `yaml:"versions"`
}

// UnknownVersionError is a version that is not in the table.
type UnknownVersionError struct {
	Name  string
	Known []string
}

func (e *UnknownVersionError) Error() string {
	return fmt.Sprintf("Istio %s is not among the versions that can be installed", e.Name)
}

// Hint is what to do about it.
func (e *UnknownVersionError) Hint() string {
	return "known: " + strings.Join(e.Known, ", ")
}

// ReadVersions reads the table. It is fs.ErrNotExist if there is none.
func ReadVersions(assets fs.FS) (Versions, error) {
	var table Versions
	text, err := fs.ReadFile(assets, versionsFile)
	if err != nil {
		return table, fmt.Errorf("reading the table of versions: %w", err)
	}
	reader := yaml.NewDecoder(bytes.NewReader(text))
	reader.KnownFields(true)
	if err := reader.Decode(&table); err != nil {
		return table, fmt.Errorf("reading %s: %w", versionsFile, err)
	}
	if err := table.check(); err != nil {
		return table, fmt.Errorf("reading %s: %w", versionsFile, err)
	}
	return table, nil
}

func (t Versions) check() error {
	var errs []error
	for i, v := range t.Known {
		if v.Name == "" || v.Hub == "" || v.Tag == "" || !fs.ValidPath(v.Charts.Folder) || v.Charts.Version == "" {
			errs = append(errs, fmt.Errorf("version %d (%q) needs version, hub, tag, charts.folder and charts.version", i+1, v.Name))
		}
		for _, r := range []VersionRange{v.Kubernetes, v.GatewayAPI} {
			oldest, newest := minorOf(r.Oldest), minorOf(r.Newest)
			if oldest == nil || newest == nil || slices.Compare(oldest, newest) > 0 {
				errs = append(errs, fmt.Errorf("version %s: %q to %q is no range of minor versions", v.Name, r.Oldest, r.Newest))
			}
		}
	}
	if _, err := t.Find(t.Default); err != nil {
		errs = append(errs, fmt.Errorf("default: %w", err))
	}
	return errors.Join(errs...)
}

// Names lists the versions, in the order of the table.
func (t Versions) Names() []string {
	names := make([]string, len(t.Known))
	for i, v := range t.Known {
		names[i] = v.Name
	}
	return names
}

// Find is a version by its name, the default one if the name is empty.
func (t Versions) Find(name string) (Version, error) {
	if name == "" {
		name = t.Default
	}
	for _, v := range t.Known {
		if v.Name == strings.TrimPrefix(name, "v") {
			return v, nil
		}
	}
	return Version{}, &UnknownVersionError{Name: name, Known: t.Names()}
}

// Holds reports whether a version such as v1.33.4+k3s1 lies in the range. What
// is no version is taken to.
func (r VersionRange) Holds(version string) bool {
	minor := minorOf(version)
	return minor == nil || slices.Compare(minor, minorOf(r.Oldest)) >= 0 && slices.Compare(minor, minorOf(r.Newest)) <= 0
}

// minorOf is a version up to its minor number, nil if it is none.
func minorOf(version string) []int {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return nil
	}
	var numbers []int
	for _, part := range parts[:2] {
		if end := strings.IndexFunc(part, func(r rune) bool { return r < '0' || r > '9' }); end > 0 {
			part = part[:end]
		}
		number, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		numbers = append(numbers, number)
	}
	return numbers
}
