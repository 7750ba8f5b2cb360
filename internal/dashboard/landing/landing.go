// Package landing is a small page that lists the dashboards of a group, how
// they are doing, and where they are; it keeps itself up to date for as long as
// somebody looks at it. Everything it needs is in the binary.
package landing

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/dashboard"
)

//go:embed page
var files embed.FS

// Page is what the page is about.
type Page struct {
	Group *dashboard.Group
	// Cluster is the name by which the user knows the cluster, and Program the one
	// of this program.
	Cluster, Program string
	// Address is what the dashboards listen on.
	Address string
	// Hints say what to do about an error.
	Hints func(error) []string
}

// checkEvery is how often dashboards are asked how they are while somebody looks.
const checkEvery = 5 * time.Second

// Serve makes the page.
func (p Page) Serve(context.Context) (http.Handler, error) {
	templates, err := template.ParseFS(files, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the page of dashboards: %w", err)
	}
	static, err := fs.Sub(files, "page")
	if err != nil {
		return nil, fmt.Errorf("reading the page of dashboards: %w", err)
	}
	h := &handler{page: p, templates: templates}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", h.index)
	mux.HandleFunc("GET /events", h.events)
	for _, name := range []string{"style.css", "page.js", "icon.svg"} {
		mux.Handle("GET /"+name, http.FileServerFS(static))
	}
	return headers(mux), nil
}

// headers let the page use what comes with it and nothing else.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

type handler struct {
	page      Page
	templates *template.Template
}

func (h *handler) index(w http.ResponseWriter, r *http.Request) {
	statuses, _ := h.page.Group.Statuses()
	var text bytes.Buffer
	if err := h.templates.ExecuteTemplate(&text, "index.html", h.page.view(statuses, r.Host)); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = text.WriteTo(w) // nobody is left to tell
}

// events sends the list again whenever it is another, and has the dashboards
// asked from time to time.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	ticker := time.NewTicker(checkEvery)
	defer ticker.Stop()
	go h.page.Group.Check(r.Context())
	sent := ""
	for {
		statuses, changed := h.page.Group.Statuses()
		var text bytes.Buffer
		if h.templates.ExecuteTemplate(&text, "list.html", h.page.view(statuses, r.Host)) != nil {
			return
		}
		if list := text.String(); list != sent {
			sent = list
			for line := range strings.Lines(list) {
				fmt.Fprintf(w, "data: %s\n", strings.TrimRight(line, "\n"))
			}
			fmt.Fprint(w, "\n")
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		case <-ticker.C:
			go h.page.Group.Check(r.Context())
		}
	}
}
