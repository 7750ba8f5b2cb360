package charts

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"helm.sh/helm/v3/pkg/helmpath"
	"sigs.k8s.io/yaml"
)

// Helm is where Helm keeps its configuration and what it downloaded.
type Helm struct {
	Repositories string // repositories.yaml
	Registries   string // registry/config.json
	Cache        string // a directory, for archives
}

// HelmFiles are the places that the environment names, else Helm's usual ones.
func HelmFiles(getenv func(string) string) Helm {
	place := func(name, usual string) string {
		if named := getenv(name); named != "" {
			return named
		}
		return usual
	}
	return Helm{
		Repositories: place("HELM_REPOSITORY_CONFIG", helmpath.ConfigPath("repositories.yaml")),
		Registries:   place("HELM_REGISTRY_CONFIG", helmpath.ConfigPath("registry", "config.json")),
		Cache:        place("HELM_REPOSITORY_CACHE", helmpath.CachePath("repository")),
	}
}

// entry is a repository as `helm repo add` writes it down.
type entry struct {
	Name               string `json:"name"`
	URL                string `json:"url"`
	Username           string `json:"username"`
	Password           string `json:"password"`
	CertFile           string `json:"certFile"`
	KeyFile            string `json:"keyFile"`
	CAFile             string `json:"caFile"`
	Insecure           bool   `json:"insecure_skip_tls_verify"`
	PassCredentialsAll bool   `json:"pass_credentials_all"`
}

func (h Helm) entries() ([]entry, error) {
	text, err := os.ReadFile(h.Repositories)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &BrokenError{Location: h.Repositories, Err: reason(err)}
	}
	var file struct {
		Repositories []entry `json:"repositories"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, &BrokenError{Location: h.Repositories, Err: err}
	}
	return file.Repositories, nil
}

// entryFor is what Helm knows of a repository; a bare entry if nothing.
func (h Helm) entryFor(location string) (entry, error) {
	known, err := h.entries()
	for _, e := range known {
		if strings.TrimRight(e.URL, "/") == strings.TrimRight(location, "/") {
			return e, err
		}
	}
	return entry{URL: location}, err
}

// trustFor is the certificates that Helm uses for any repository on a host,
// without the credentials: those are the repository's own.
func (h Helm) trustFor(host string) (entry, error) {
	known, err := h.entries()
	for _, e := range known {
		if at, parseErr := url.Parse(e.URL); parseErr == nil && at.Host == host {
			return entry{CertFile: e.CertFile, KeyFile: e.KeyFile, CAFile: e.CAFile, Insecure: e.Insecure}, err
		}
	}
	return entry{}, err
}

// cached is an archive with this digest that was downloaded before.
func (h Helm) cached(file, digest string) ([]byte, bool) {
	if h.Cache == "" || digest == "" {
		return nil, false
	}
	archive, err := os.ReadFile(filepath.Join(h.Cache, file))
	return archive, err == nil && digestOf(archive) == digest
}

// keep puts an archive into the cache. A cache that cannot be written to costs
// the next download and nothing else.
func (h Helm) keep(file string, archive []byte) {
	if h.Cache == "" || os.MkdirAll(h.Cache, 0o755) != nil {
		return
	}
	partial, err := os.CreateTemp(h.Cache, file+".*")
	if err != nil {
		return
	}
	_, err = partial.Write(archive)
	if err = errors.Join(err, partial.Close()); err == nil {
		err = os.Rename(partial.Name(), filepath.Join(h.Cache, file))
	}
	if err != nil {
		_ = os.Remove(partial.Name())
	}
}

// reason is an error of the file system without the path, which is told already.
func reason(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}
