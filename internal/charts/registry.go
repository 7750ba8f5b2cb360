package charts

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// chartLayer is the media type by which Helm marks the archive in an OCI artifact.
const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

// registry is charts in an OCI registry, each a repository below one path.
type registry struct {
	host      name.Registry
	folder    string
	helm      Helm
	transport http.RoundTripper
	keychain  *keychain
}

func openRegistry(location string, helm Helm) (*registry, error) {
	host, folder, _ := strings.Cut(strings.TrimPrefix(location, "oci://"), "/")
	parsed, err := name.NewRegistry(host)
	if err != nil || host == "" {
		return nil, &LocationError{Location: location, Problem: "oci:// is followed by the host of a registry"}
	}
	trust, err := helm.trustFor(host)
	if err != nil {
		return nil, err
	}
	through, err := trust.transport()
	if err != nil {
		return nil, err
	}
	return &registry{
		host: parsed, folder: strings.Trim(folder, "/"), helm: helm,
		transport: &securely{next: through, host: parsed.RegistryStr(), mayPlain: parsed.Scheme() == "http"},
		keychain:  newKeychain(helm.Registries),
	}, nil
}

func (r *registry) String() string {
	return strings.TrimRight("oci://"+r.host.Name()+"/"+r.folder, "/")
}

// Names is unknown: few registries tell, and none below a path.
func (r *registry) Names(context.Context) ([]string, error) { return nil, nil }

func (r *registry) Versions(ctx context.Context, chart, inMind string) ([]string, error) {
	repository := r.repository(chart)
	if tag := tagged(inMind); isTag(tag) {
		// Most often it is there, and many registries do not let everybody list tags.
		_, err := remote.Head(repository.Tag(tag), r.options(ctx)...)
		if err == nil {
			return []string{inMind}, nil
		}
		if !missing(err) {
			return nil, r.failed(repository.Name()+":"+tag, err)
		}
	}
	tags, err := remote.List(repository, r.options(ctx)...)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, r.failed(repository.Name(), err)
	}
	versions := make([]string, len(tags))
	for i, tag := range tags {
		versions[i] = untagged(tag)
	}
	return versions, nil
}

func (r *registry) Fetch(ctx context.Context, chart, version string) (Chart, error) {
	reference := r.repository(chart).Tag(tagged(version))
	location := "oci://" + reference.Name()
	described, err := remote.Get(reference, r.options(ctx)...)
	if err != nil {
		return Chart{}, r.failed(reference.Name(), err)
	}
	manifest, err := v1.ParseManifest(strings.NewReader(string(described.Manifest)))
	if err != nil {
		return Chart{}, &BrokenError{Location: location, Err: err}
	}
	for _, layer := range manifest.Layers {
		if layer.MediaType != chartLayer {
			continue
		}
		archive, err := r.archive(ctx, reference, layer.Digest, chart+"-"+version+".tgz")
		if err != nil {
			return Chart{}, err
		}
		return fromArchive(archive, location)
	}
	return Chart{}, &BrokenError{Location: location, Err: errors.New("it is not a Helm chart")}
}

// archive downloads a layer; the library compares it with its digest.
func (r *registry) archive(ctx context.Context, of name.Tag, digest v1.Hash, file string) ([]byte, error) {
	if archive, cached := r.helm.cached(file, digest.String()); cached {
		return archive, nil
	}
	layer, err := remote.Layer(of.Digest(digest.String()), r.options(ctx)...)
	if err != nil {
		return nil, r.failed(of.Name(), err)
	}
	content, err := layer.Compressed()
	if err != nil {
		return nil, r.failed(of.Name(), err)
	}
	defer func() { _ = content.Close() }()
	archive, err := io.ReadAll(io.LimitReader(content, largest))
	if err != nil {
		return nil, r.failed(of.Name(), err)
	}
	r.helm.keep(file, archive)
	return archive, nil
}

func (r *registry) repository(chart string) name.Repository {
	return r.host.Repo(path.Join(r.folder, chart))
}

func (r *registry) options(ctx context.Context) []remote.Option {
	return []remote.Option{
		remote.WithContext(ctx),
		remote.WithTransport(r.transport),
		remote.WithAuthFromKeychain(r.keychain),
		remote.WithUserAgent("meshctl"),
		remote.WithRetryStatusCodes(http.StatusBadGateway, http.StatusGatewayTimeout),
	}
}

func (r *registry) failed(location string, err error) error {
	location = "oci://" + location
	refused, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return r.helm.failed(location, err)
	}
	switch refused.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &AccessError{
			Location: location, Status: refused.StatusCode, Config: r.helm.Registries,
			Credentials: r.keychain.known(), Registry: true,
		}
	}
	return &StatusError{Location: location, Status: refused.StatusCode}
}

func missing(err error) bool {
	refused, ok := errors.AsType[*transport.Error](err)
	return ok && refused.StatusCode == http.StatusNotFound
}

// Tags cannot hold a plus sign; Helm writes an underscore.
func tagged(version string) string { return strings.ReplaceAll(version, "+", "_") }
func untagged(tag string) string   { return strings.ReplaceAll(tag, "_", "+") }

// isTag tells a version from a range of versions.
func isTag(text string) bool {
	_, err := name.NewTag("registry.example/chart:"+text, name.StrictValidation)
	return err == nil && text != ""
}
