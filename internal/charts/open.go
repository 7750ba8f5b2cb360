package charts

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Open is the source at a location: a directory, the URL of a Helm repository,
// oci:// and the path of charts in a registry, or the name that Helm has a
// repository by. Nothing is downloaded yet.
func Open(location string, helm Helm) (Source, error) {
	scheme, _, isURL := strings.Cut(location, "://")
	switch {
	case isURL && scheme == "oci":
		return openRegistry(location, helm)
	case isURL && (scheme == "https" || scheme == "http"):
		return openRepository(location, helm)
	case isURL:
		return nil, &LocationError{Location: location, Problem: fmt.Sprintf("charts do not come by %s, but from a directory, https:// or oci://", scheme)}
	}
	info, err := os.Stat(location)
	switch {
	case err == nil && info.IsDir():
		return openDirectory(location)
	case err == nil:
		return nil, &LocationError{Location: location, Problem: "it is a file; give the directory it is in"}
	}
	return openNamed(location, helm, err)
}

// openNamed is the repository that `helm repo add` gave a name.
func openNamed(name string, helm Helm, noDirectory error) (Source, error) {
	known, err := helm.entries()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range known {
		if e.Name == name {
			return openRepository(e.URL, helm)
		}
		names = append(names, e.Name)
	}
	if strings.ContainsRune(name, filepath.Separator) {
		names = nil
	}
	return nil, &LocationError{Location: name, Problem: reason(noDirectory).Error(), Repositories: names}
}

// redacted is a URL as it may be printed.
func redacted(location string) string {
	if parsed, err := url.Parse(location); err == nil && parsed.User != nil {
		parsed.User = nil
		return parsed.String()
	}
	return location
}
