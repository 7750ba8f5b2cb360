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

// Handler serves the page, and keeps it up to date with what look sees. Where
// look fails the page is there all the same: it says so, and goes on asking.
func Handler(look func(*http.Request) (Graph, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		g, _ := see(look, r)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_ = writePage(w, g, dataFile) // who went away needs no answer
	})
	mux.HandleFunc("GET /"+dataFile, func(w http.ResponseWriter, r *http.Request) {
		g, code := see(look, r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(g) // the same
	})
	return mux
}

// see is the graph, or an empty one that says what keeps it from being seen.
func see(look func(*http.Request) (Graph, error), r *http.Request) (g Graph, code int) {
	g, err := look(r)
	if err != nil {
		return Graph{Nodes: []Node{}, Links: []Link{}, Problem: err.Error()}, http.StatusBadGateway
	}
	return g, http.StatusOK
}
