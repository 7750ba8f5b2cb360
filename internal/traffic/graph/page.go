package graph

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

//go:embed page.html
var page string

//go:embed page.css
var pageStyle string

//go:embed layout.js
var pageLayout string

//go:embed page.js
var pageScript string

// dataFile is where a live page asks for the graph as it is by then.
const dataFile = "graph.json"

// WriteHTML writes the graph as one page that needs nothing else.
func WriteHTML(w io.Writer, g Graph) error { return writePage(w, g, "") }

func writePage(w io.Writer, g Graph, live string) error {
	// Encoded for a page: no text in it can end the script.
	data, err := json.Marshal(g)
	if err != nil {
		return fmt.Errorf("writing the graph: %w", err)
	}
	script := strings.Replace(pageScript, `"LIVE"`, fmt.Sprintf("%q", live), 1)
	_, err = strings.NewReplacer("STYLE<", pageStyle+"<", "LAYOUT<", pageLayout+"<", "SCRIPT<", script+"<", ">DATA<", ">"+string(data)+"<").WriteString(w, page)
	return err
}

// Handler serves the page, and keeps it up to date with what look sees.
func Handler(look func(*http.Request) (Graph, error)) http.Handler {
	serve := func(w http.ResponseWriter, r *http.Request, kind string, write func(Graph) error) {
		g, err := look(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-store")
		// Who went away needs no answer.
		_ = write(g)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, "text/html; charset=utf-8", func(g Graph) error { return writePage(w, g, dataFile) })
	})
	mux.HandleFunc("GET /"+dataFile, func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, "application/json", func(g Graph) error { return json.NewEncoder(w).Encode(g) })
	})
	return mux
}
