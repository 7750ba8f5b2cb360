package dashboard

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"time"
)

// front stands before a program that a browser cannot use as it is: one that
// speaks TLS with a certificate for other names, or whose pages believe to be
// below a path that somebody takes off. All others talk to the browser
// themselves, byte by byte.
type front struct {
	server    *http.Server
	transport *http.Transport
}

// needsFront says whether there must be one.
func (b backend) needsFront() bool { return b.tls || b.shown != "" }

func newFront(b backend, g *gate) *front {
	transport := transportOf(g.dial, b.tls)
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = b.scheme(), localhost
			if b.shown != "" {
				r.Out.URL.Path = without(b.shown, r.Out.URL.Path)
				r.Out.URL.RawPath = ""
			}
			// Programs compare where a form comes from with the host that was asked.
			r.Out.Host = r.In.Host
			if origin := r.In.Header.Get("Origin"); origin != "" {
				r.Out.Header.Set("Origin", strings.Replace(origin, httpName+"://", b.scheme()+"://", 1))
			}
		},
		ModifyResponse: func(response *http.Response) error {
			response.Header.Del("Strict-Transport-Security") // there is no TLS here
			if b.tls {
				self := "://" + response.Request.Host
				location := response.Header.Get("Location")
				if rest, ours := strings.CutPrefix(location, httpsName+self); ours {
					response.Header.Set("Location", httpName+self+rest)
				}
			}
			return nil
		},
		FlushInterval: -1, // pages that stream want every byte at once
		ErrorLog:      slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return &front{
		server:    &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)},
		transport: transport,
	}
}

// without takes a path off another.
func without(prefix, path string) string {
	rest, below := strings.CutPrefix(path, prefix)
	if below && (rest == "" || rest[0] == '/') {
		return "/" + strings.TrimPrefix(rest, "/")
	}
	return path
}

func (f *front) serve(listener net.Listener) { _ = f.server.Serve(listener) } // it ends by close

func (f *front) close() {
	_ = f.server.Close() // nobody is left to tell
	f.transport.CloseIdleConnections()
}
