// Package charts fetches Helm charts that others publish: from a directory, a
// Helm repository or an OCI registry.
//
// A Source is one such place; Find looks a chart up in it by the names and the
// version it may have. Repositories, credentials, certificates and the cache are
// those of Helm (Helm), so that what works with helm works here. The package
// renders nothing and imports nothing of ours.
package charts

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
)

// Chart is a chart as its publisher made it.
type Chart struct {
	Name       string
	Version    string
	AppVersion string
	// Location is the directory, file or URL it came from, without credentials.
	Location string
	// Digest of the archive, "sha256:…"; empty for a directory.
	Digest string
	Files  []File
}

// File is a file of a chart, by its path inside it.
type File struct {
	Name string
	Data []byte
}

// Source is a place where charts are published.
type Source interface {
	// String names the place for people.
	String() string
	// Names lists the charts there; nil if the place does not tell.
	Names(ctx context.Context) ([]string, error)
	// Versions lists the versions of a chart, none if there is no such chart. If
	// the version in mind is there, the others may be missing from the list.
	Versions(ctx context.Context, name, inMind string) ([]string, error)
	// Fetch gets a version that Versions lists.
	Fetch(ctx context.Context, name, version string) (Chart, error)
}

// Find fetches the first of several charts, by name, that a source has.
func Find(ctx context.Context, source Source, names []string, wanted Version) (Chart, error) {
	var denied error
	for _, name := range names {
		versions, err := source.Versions(ctx, name, wanted.inMind())
		if access, ok := errors.AsType[*AccessError](err); ok && access.Registry {
			// Many registries answer so for what is not there, too.
			denied = cmp.Or(denied, err)
			continue
		}
		if err != nil {
			return Chart{}, err
		}
		if len(versions) == 0 {
			continue
		}
		version, err := wanted.pick(versions)
		if err != nil {
			return Chart{}, err
		}
		if version == "" {
			return Chart{}, &VersionError{Chart: name, Source: source.String(), Wanted: wanted.String(), Known: nearest(versions, wanted)}
		}
		return source.Fetch(ctx, name, version)
	}
	if denied != nil {
		return Chart{}, denied
	}
	known, err := source.Names(ctx)
	if err != nil {
		return Chart{}, err
	}
	return Chart{}, &MissingError{Names: names, Source: source.String(), Known: known}
}

// fromArchive reads a packed chart.
func fromArchive(archive []byte, location string) (Chart, error) {
	loaded, err := loader.LoadArchive(bytes.NewReader(archive))
	if err != nil {
		return Chart{}, &BrokenError{Location: location, Err: err}
	}
	read := fromLoaded(loaded, location)
	read.Digest = digestOf(archive)
	return read, nil
}

func fromLoaded(loaded *chart.Chart, location string) Chart {
	read := Chart{
		Name:       loaded.Name(),
		Version:    loaded.Metadata.Version,
		AppVersion: loaded.AppVersion(),
		Location:   location,
	}
	for _, file := range loaded.Raw {
		read.Files = append(read.Files, File{Name: file.Name, Data: file.Data})
	}
	return read
}

func digestOf(archive []byte) string {
	sum := sha256.Sum256(archive)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Stamp is what a chart is and where it came from, on one line.
func (c Chart) Stamp() string {
	stamp := fmt.Sprintf("%s %s from %s", c.Name, c.Version, c.Location)
	if c.Digest != "" {
		stamp += " (" + c.Digest + ")"
	}
	return stamp
}
