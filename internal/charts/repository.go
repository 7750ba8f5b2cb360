package charts

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// largest is the size of an index or archive beyond which it is no such thing.
const largest = 128 << 20

// repository is a Helm repository: an index.yaml that says where archives are.
type repository struct {
	entry entry
	base  *url.URL // with a slash at the end, without credentials
	helm  Helm
	http  *http.Client
	index map[string][]published // by chart; nil until it is asked for
}

// published is a version of a chart, as an index lists it.
type published struct {
	Version string   `json:"version"`
	URLs    []string `json:"urls"`
	Digest  string   `json:"digest"`
}

func openRepository(location string, helm Helm) (*repository, error) {
	base, err := url.Parse(location)
	if err != nil || base.Host == "" {
		return nil, &LocationError{Location: redacted(location), Problem: "it is not a URL"}
	}
	e, err := helm.entryFor(location)
	if err != nil {
		return nil, err
	}
	if base.User != nil {
		e.Username = base.User.Username()
		e.Password, _ = base.User.Password()
		base.User = nil
	}
	transport, err := e.transport()
	if err != nil {
		return nil, err
	}
	base.Path = strings.TrimRight(base.Path, "/") + "/"
	return &repository{entry: e, base: base, helm: helm, http: &http.Client{Transport: transport, Timeout: patience}}, nil
}

func (r *repository) String() string { return strings.TrimRight(r.base.String(), "/") }

func (r *repository) Names(ctx context.Context) ([]string, error) {
	err := r.load(ctx)
	return slices.Sorted(maps.Keys(r.index)), err
}

func (r *repository) Versions(ctx context.Context, name, _ string) ([]string, error) {
	err := r.load(ctx)
	var versions []string
	for _, p := range r.index[name] {
		versions = append(versions, p.Version)
	}
	return versions, err
}

func (r *repository) load(ctx context.Context) error {
	if r.index != nil {
		return nil
	}
	at := r.base.JoinPath("index.yaml")
	at.RawQuery = r.base.RawQuery
	text, err := r.get(ctx, at)
	if status, ok := errors.AsType[*StatusError](err); ok && status.Status == http.StatusNotFound {
		return &LocationError{Location: r.String(), Problem: "it is not a Helm repository: there is no index.yaml"}
	}
	if err != nil {
		return err
	}
	var index struct {
		Entries map[string][]published `json:"entries"`
	}
	if err := yaml.Unmarshal(text, &index); err != nil || index.Entries == nil {
		return &BrokenError{Location: at.String(), Err: errors.New("it is not the index of a Helm repository")}
	}
	r.index = index.Entries
	return nil
}

func (r *repository) Fetch(ctx context.Context, name, version string) (Chart, error) {
	nth := slices.IndexFunc(r.index[name], func(p published) bool { return p.Version == version })
	found := r.index[name][nth]
	if len(found.URLs) == 0 {
		return Chart{}, &BrokenError{Location: r.String(), Err: errors.New("its index does not say where chart " + name + " " + version + " is")}
	}
	at, err := r.resolve(found.URLs[0])
	if err != nil {
		return Chart{}, &BrokenError{Location: r.String(), Err: err}
	}
	if at.Scheme == "oci" {
		return r.fromRegistry(ctx, at)
	}
	want := found.Digest
	if want != "" && !strings.Contains(want, ":") {
		want = "sha256:" + want
	}
	file := path.Base(at.Path)
	archive, cached := r.helm.cached(file, want)
	if !cached {
		if archive, err = r.get(ctx, at); err != nil {
			return Chart{}, err
		}
		if got := digestOf(archive); want != "" && got != want {
			return Chart{}, &DigestError{Location: at.Redacted(), Got: got, Want: want}
		}
		r.helm.keep(file, archive)
	}
	return fromArchive(archive, at.Redacted())
}

// resolve makes a URL of an index absolute. A query that the repository's own
// URL has, such as a token, belongs to everything in it.
func (r *repository) resolve(reference string) (*url.URL, error) {
	parsed, err := url.Parse(reference)
	if err != nil || parsed.IsAbs() {
		return parsed, err
	}
	at := r.base.ResolveReference(parsed)
	at.RawQuery = r.base.RawQuery
	return at, nil
}

// fromRegistry follows an index that only points at charts in a registry.
func (r *repository) fromRegistry(ctx context.Context, at *url.URL) (Chart, error) {
	folder, reference := path.Split(at.Path)
	name, tag, _ := strings.Cut(reference, ":")
	source, err := openRegistry("oci://"+at.Host+strings.TrimRight(folder, "/"), r.helm)
	if err != nil {
		return Chart{}, err
	}
	return source.Fetch(ctx, name, untagged(tag))
}

func (r *repository) get(ctx context.Context, at *url.URL) ([]byte, error) {
	location := redacted(at.String())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "meshctl")
	// Archives may be elsewhere; credentials go there only if Helm was told so.
	home := at.Scheme == r.base.Scheme && at.Host == r.base.Host
	credentials := r.entry.Username != "" && (home || r.entry.PassCredentialsAll)
	if credentials {
		request.SetBasicAuth(r.entry.Username, r.entry.Password)
	}
	answer, err := r.http.Do(request)
	if err != nil {
		return nil, r.helm.failed(location, err)
	}
	defer func() { _ = answer.Body.Close() }()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return nil, &AccessError{Location: location, Status: answer.StatusCode, Credentials: credentials, Config: r.helm.Repositories}
	default:
		return nil, &StatusError{Location: location, Status: answer.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, largest+1))
	if err != nil {
		return nil, r.helm.failed(location, err)
	}
	if len(body) > largest {
		return nil, &BrokenError{Location: location, Err: errors.New("it is far too large")}
	}
	return body, nil
}

// cause is an error of net/http without the method and URL, which are told
// already.
func cause(err error) error {
	if requested, ok := errors.AsType[*url.Error](err); ok {
		return requested.Err
	}
	return err
}
