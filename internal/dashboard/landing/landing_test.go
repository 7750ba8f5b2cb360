package landing

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/object"
)

func row(t *testing.T, name string) dashboard.Dashboard {
	t.Helper()
	found, ok := dashboard.Find(dashboard.All(), name)
	if !ok {
		t.Fatalf("there is no dashboard %s", name)
	}
	return found
}

func TestCard_SaysHowADashboardIsDoing(t *testing.T) {
	grafana := row(t, "grafana")
	session := &dashboard.Session{Base: "http://localhost:3000", Pod: object.Ref{Kind: "Pod", Namespace: "istio-system", Name: "grafana-0"}}
	page := Page{Address: "localhost", Hints: func(error) []string { return []string{"do this"} }}
	for name, test := range map[string]struct {
		status dashboard.Status
		want   card
	}{
		"opening": {dashboard.Status{Phase: dashboard.Opening}, card{Class: "opening", State: "opening"}},
		"up": {
			dashboard.Status{Phase: dashboard.Up, Session: session, Asked: true, Took: 1500 * time.Microsecond},
			card{Class: "up", State: "up", URL: "http://localhost:3000", Shown: "localhost:3000", Pod: "istio-system/grafana-0", Took: "1 ms"},
		},
		"up and not asked yet": {
			dashboard.Status{Phase: dashboard.Up, Session: session},
			card{Class: "up", State: "up", URL: "http://localhost:3000", Shown: "localhost:3000", Pod: "istio-system/grafana-0"},
		},
		"sick": {
			dashboard.Status{Phase: dashboard.Up, Session: session, Asked: true, Sick: dashboard.ErrNoAnswer},
			card{Class: "sick", State: "not well", URL: "http://localhost:3000", Shown: "localhost:3000", Pod: "istio-system/grafana-0", Trouble: "Asked how it is: there is no answer."},
		},
		"lost": {
			dashboard.Status{Phase: dashboard.Reconnecting, Session: session, Err: errors.New("it was deleted")},
			card{Class: "reconnecting", State: "reconnecting", URL: "http://localhost:3000", Shown: "localhost:3000", Pod: "istio-system/grafana-0", Trouble: "The connection was lost (it was deleted); looking for a ready pod."},
		},
		"failed": {
			dashboard.Status{Phase: dashboard.Failed, Err: errors.New("no pods")},
			card{Class: "failed", State: "not available", Trouble: "no pods", Hints: []string{"do this"}},
		},
		"absent": {
			dashboard.Status{Phase: dashboard.Failed, Err: &dashboard.NotInstalledError{Dashboard: grafana}},
			card{Class: "absent", State: "not installed", Hints: []string{"do this"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.status.Dashboard = grafana
			got := page.card(test.status, "localhost:15080")
			if links := len(got.Links); (links > 0) != (test.want.URL != "") {
				t.Errorf("%d links", links)
			}
			got.Links = nil
			test.want.Name, test.want.Title, test.want.Summary = grafana.Name, grafana.Title, grafana.Summary
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Who asks from another machine gets addresses of this one.
func TestSeenFrom_IsTheHostThatWasAsked(t *testing.T) {
	const base = "http://localhost:20001/kiali"
	for _, test := range []struct{ address, host, want string }{
		{"localhost", "localhost:15080", base},
		{"0.0.0.0", "build.example:15080", "http://build.example:20001/kiali"},
		{"::", "[2001:db8::1]:15080", "http://[2001:db8::1]:20001/kiali"},
		{"0.0.0.0", "build.example", "http://build.example:20001/kiali"},
	} {
		if got := (Page{Address: test.address}).seenFrom(base, test.host); got != test.want {
			t.Errorf("%s from %s: %s, want %s", test.address, test.host, got, test.want)
		}
	}
}

// nothing is a cluster without anything in it.
type nothing struct{ dashboard.Cluster }

func (nothing) List(context.Context, schema.GroupKind, object.Query) ([]object.Object, error) {
	return nil, nil
}

func TestServe_KeepsOtherSitesOutAndTheListUpToDate(t *testing.T) {
	group := dashboard.NewGroup([]dashboard.Member{{Dashboard: row(t, "kiali")}}, nothing{}, time.Now)
	page := Page{Group: group, Cluster: "<b>east</b>", Program: "meshctl", Address: "localhost", Hints: func(error) []string { return nil }}
	handler, err := page.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	response, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	_ = response.Write(&text)
	_ = response.Body.Close()
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "nosniff", "cluster <b>&lt;b&gt;east", `class="card opening"`} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	events, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	lines := bufio.NewScanner(events.Body)
	awaits := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the events end without %s: %v", want, lines.Err())
	}
	awaits("card opening")
	go func() { _ = group.Run(ctx) }() // what it comes to is seen below
	awaits("Not installed")
}
