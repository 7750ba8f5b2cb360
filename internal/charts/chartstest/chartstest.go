// Package chartstest publishes charts for tests, as a Helm repository and as an
// OCI registry, over TLS and for those who know the password.
package chartstest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"sigs.k8s.io/yaml"
)

// Who may read what a Server publishes.
const (
	User     = "reader"
	Password = "correct horse"
)

// Archive is a packed chart.
type Archive struct {
	Name, Version string
	Data          []byte
}

// File is the name that helm gives the archive.
func (a Archive) File() string { return a.Name + "-" + a.Version + ".tgz" }

// Digest is the hexadecimal SHA-256 of the archive.
func (a Archive) Digest() string {
	sum := sha256.Sum256(a.Data)
	return hex.EncodeToString(sum[:])
}

// Pack makes an archive of the files of a chart, by their paths in it.
func Pack(files map[string]string) (Archive, error) {
	var metadata struct{ Name, Version string }
	if err := yaml.Unmarshal([]byte(files["Chart.yaml"]), &metadata); err != nil {
		return Archive{}, err
	}
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	bundle := tar.NewWriter(zipped)
	for _, file := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Name: path.Join(metadata.Name, file), Mode: 0o644, Size: int64(len(files[file]))}
		if err := bundle.WriteHeader(header); err != nil {
			return Archive{}, err
		}
		if _, err := io.WriteString(bundle, files[file]); err != nil {
			return Archive{}, err
		}
	}
	if err := bundle.Close(); err != nil {
		return Archive{}, err
	}
	if err := zipped.Close(); err != nil {
		return Archive{}, err
	}
	return Archive{Name: metadata.Name, Version: metadata.Version, Data: packed.Bytes()}, nil
}

// Server publishes archives.
type Server struct {
	*httptest.Server
	// Fetched are the paths that were served, in order.
	Fetched []string
}

// Publish serves archives until the server is closed. An index with altered
// digests stands in for a repository that was tampered with.
func Publish(archives []Archive, alter func(index string) string) (*Server, error) {
	server := &Server{}
	mux := http.NewServeMux()
	mux.HandleFunc("/charts/", func(w http.ResponseWriter, r *http.Request) {
		server.Fetched = append(server.Fetched, r.URL.Path)
		serve(w, strings.TrimPrefix(r.URL.Path, "/charts/"), archives, alter)
	})
	mux.Handle("/v2/", registry.New(registry.Logger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo))))
	server.Server = httptest.NewUnstartedServer(guarded(mux))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo) // clients that do not trust it are part of the tests
	server.StartTLS()
	for _, archive := range archives {
		if err := server.push(archive); err != nil {
			server.Close()
			return nil, err
		}
	}
	return server, nil
}

// Repository is the URL of the Helm repository.
func (s *Server) Repository() string { return s.URL + "/charts" }

// Registry is where the charts are in the OCI registry.
func (s *Server) Registry() string { return "oci://" + s.Host() + "/mirror/charts" }

// Host is the address of the server, by which credentials are filed.
func (s *Server) Host() string { return strings.TrimPrefix(s.URL, "https://") }

// Authority is the certificate to trust, as PEM.
func (s *Server) Authority() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

// guarded lets in those who know the password.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != User || password != Password {
			w.Header().Set("WWW-Authenticate", `Basic realm="charts"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func serve(w http.ResponseWriter, file string, archives []Archive, alter func(string) string) {
	if file == "index.yaml" {
		index := indexOf(archives)
		if alter != nil {
			index = alter(index)
		}
		_, _ = io.WriteString(w, index)
		return
	}
	for _, archive := range archives {
		if archive.File() == file {
			_, _ = w.Write(archive.Data)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func indexOf(archives []Archive) string {
	var index strings.Builder
	index.WriteString("apiVersion: v1\nentries:\n")
	byName := map[string][]Archive{}
	for _, archive := range archives {
		byName[archive.Name] = append(byName[archive.Name], archive)
	}
	for _, chart := range slices.Sorted(maps.Keys(byName)) {
		fmt.Fprintf(&index, "  %s:\n", chart)
		for _, archive := range byName[chart] {
			fmt.Fprintf(&index, "  - {name: %s, version: %q, digest: %s, urls: [%s]}\n",
				chart, archive.Version, archive.Digest(), archive.File())
		}
	}
	return index.String()
}

// push stores a chart in the registry as `helm push` does.
func (s *Server) push(archive Archive) error {
	tag := strings.ReplaceAll(archive.Version, "+", "_")
	reference, err := name.ParseReference(s.Host() + "/mirror/charts/" + archive.Name + ":" + tag)
	if err != nil {
		return err
	}
	layer := static.NewLayer(archive.Data, "application/vnd.cncf.helm.chart.content.v1.tar+gzip")
	image, err := mutate.Append(mutate.MediaType(empty.Image, types.OCIManifestSchema1), mutate.Addendum{Layer: layer, History: v1.History{}})
	if err != nil {
		return err
	}
	return remote.Write(reference, mutate.ConfigMediaType(image, "application/vnd.cncf.helm.config.v1+json"),
		remote.WithTransport(s.Client().Transport), remote.WithAuth(&authn.Basic{Username: User, Password: Password}))
}
