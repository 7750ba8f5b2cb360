package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestReadManifests_FromAddresses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/shop/app.yaml" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte("kind: Pod\n"))
	}))
	defer server.Close()
	env := &Env{Global: Global{RequestTimeout: time.Minute}}
	all, err := readManifests(t.Context(), env, []string{server.URL + "/shop/app.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || string(all[0].text) != "kind: Pod\n" || all[0].place != "app.yaml" || all[0].name != server.URL+"/shop/app.yaml" {
		t.Errorf("got %+v", all[0])
	}
	_, err = readManifests(t.Context(), env, []string{server.URL + "/gone.yaml"})
	if err == nil || !strings.Contains(err.Error(), "the server answers 404 Not Found") {
		t.Errorf("got %v", err)
	}
	env.Global.RequestTimeout = time.Nanosecond
	if _, err = readManifests(t.Context(), env, []string{server.URL + "/shop/app.yaml"}); err == nil || strings.Count(err.Error(), server.URL) != 1 {
		t.Errorf("got %v", err)
	}
}
