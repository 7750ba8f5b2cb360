package dashboard

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// backend is how the program in the pod wants to be spoken to.
type backend struct {
	// tls says that it speaks HTTPS only.
	tls bool
	// base is the path below which it serves its pages.
	base string
	// shown is the path below which its pages believe to be, where that is
	// another: somebody in front is expected to take it off.
	shown string
}

const (
	// pathKey and schemeKey are annotations of a Service that say what cannot be seen.
	pathKey   = "meshctl.dev/dashboard-path"
	schemeKey = "meshctl.dev/dashboard-scheme"
	httpsName = "https"
	httpName  = "http"
)

// probePatience is how long a program may take to answer before its pages are
// given out unseen.
const probePatience = 3 * time.Second

// prober asks a program that is at the other end of a tunnel.
type prober struct {
	dashboard Dashboard
	dial      func(ctx context.Context) (net.Conn, error)
}

// find learns how to speak to the program. What was said by the user, or else by
// the Service, is not asked for. A program that does not answer in time is taken
// as the table has it.
func (p prober) find(ctx context.Context, options Options, at place) backend {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	scheme, path := options.Scheme, options.Path
	if at.service != nil {
		if scheme == "" {
			scheme = at.service.Annotations[schemeKey]
		}
		if path == "" {
			path = at.service.Annotations[pathKey]
		}
	}
	found := backend{base: p.dashboard.Path}
	switch scheme {
	case httpName:
	case httpsName:
		found.tls = true
	default:
		found.tls = at.https || p.wantsTLS(ctx)
	}
	if path != "" {
		found.base = "/" + strings.Trim(path, "/")
		if found.base == "/" {
			found.base = ""
		}
		return found
	}
	return p.findBase(ctx, found)
}

// wantsTLS speaks plainly and listens to the answer.
func (p prober) wantsTLS(ctx context.Context) bool {
	answer, err := p.get(ctx, backend{}, p.dashboard.Path+p.dashboard.Health)
	if err == nil {
		return answer.status == http.StatusBadRequest && strings.Contains(strings.ToUpper(answer.body), "HTTPS")
	}
	// The first bytes of a TLS alert are no HTTP; some servers just hang up.
	if strings.Contains(err.Error(), `\x15\x03`) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		_, err = p.get(ctx, backend{tls: true}, p.dashboard.Path+p.dashboard.Health)
		return err == nil
	}
	return false
}

// findBase tries the path of the table, the root, and where the root sends to.
func (p prober) findBase(ctx context.Context, b backend) backend {
	root, err := p.get(ctx, b, "/")
	if err != nil {
		return b
	}
	candidates := []string{p.dashboard.Path, ""}
	if root.location != "" {
		candidates = append(candidates, strings.TrimRight(root.location, "/"))
	}
	for _, candidate := range candidates {
		if base, ok := p.isBase(ctx, b, candidate); ok {
			b.base = base
			if shown := root.shown(); base == "" && shown != "" {
				b.shown = shown
			}
			return b
		}
	}
	return b
}

// isBase says whether the program is well below a path, or says that it has moved.
func (p prober) isBase(ctx context.Context, b backend, path string) (base string, ok bool) {
	answer, err := p.get(ctx, b, path+or(p.dashboard.Health, "/"))
	switch {
	case err != nil:
		return "", false
	case answer.location != "" && p.dashboard.Health != "":
		return strings.CutSuffix(answer.location, p.dashboard.Health)
	case strings.HasPrefix(p.dashboard.Health, "/api/") && !answer.json:
		return "", false // programs of one page answer everything with it
	}
	return path, answer.status < http.StatusBadRequest || answer.status == http.StatusUnauthorized || answer.status == http.StatusForbidden
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// answer is what prober sees of an answer.
type answer struct {
	status   int
	location string // the path it redirects to
	json     bool
	body     string
}

// baseTag is how a page says below which path it believes to be.
var baseTag = regexp.MustCompile(`<base href="(/[^"]*)"`)

// shown is the path below which the page at the root believes to be.
func (a answer) shown() string {
	if found := baseTag.FindStringSubmatch(a.body); found != nil {
		return strings.TrimRight(found[1], "/")
	}
	before, isLogin := strings.CutSuffix(a.location, "/login")
	if !isLogin {
		return ""
	}
	return before
}

func (p prober) get(ctx context.Context, b backend, path string) (answer, error) {
	transport := transportOf(p.dial, b.tls)
	transport.DisableKeepAlives = true
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.scheme()+"://"+localhost+path, nil)
	if err != nil {
		return answer{}, err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	result := answer{
		status: response.StatusCode,
		json:   strings.Contains(response.Header.Get("Content-Type"), "json"),
		body:   beginning(response),
	}
	if location, err := url.Parse(response.Header.Get("Location")); err == nil && response.StatusCode/100 == 3 {
		result.location = location.Path
	}
	return result, nil
}

// beginning is as much of an answer as is of interest here. A refusal may come
// on a connection whose end is not told, so only what is there is read of it.
func beginning(response *http.Response) string {
	const enough = 64 << 10 // the head of a page is at its beginning
	if response.StatusCode < http.StatusBadRequest {
		body, _ := io.ReadAll(io.LimitReader(response.Body, enough))
		return string(body)
	}
	body := make([]byte, 1024)
	read, _ := response.Body.Read(body)
	return string(body[:read])
}

func (b backend) scheme() string {
	if b.tls {
		return httpsName
	}
	return httpName
}

// transportOf speaks HTTP to a pod. The certificate is not verified: it is for
// names that the pod has inside the cluster, and the API server has led here.
func transportOf(dial func(context.Context) (net.Conn, error), encrypted bool) *http.Transport {
	transport := &http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     30 * time.Second,
	}
	if encrypted {
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see above
	}
	return transport
}
