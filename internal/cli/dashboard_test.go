package cli

import (
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/manifests"
)

func TestGrafanaPages_AreThoseThatAreInstalled(t *testing.T) {
	grafana, _ := dashboard.Find(dashboard.All(), "grafana")
	known := map[string]string{}
	for _, page := range grafana.Pages {
		known[page.Title] = page.UID
	}
	installed := map[string]string{}
	files, err := fs.Glob(manifests.FS(), "charts/grafana/files/dashboards/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dashboards: %v", err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(manifests.FS(), file)
		if err != nil {
			t.Fatal(err)
		}
		var one struct{ UID, Title string }
		if err := json.Unmarshal(text, &one); err != nil {
			t.Fatal(err)
		}
		installed[one.Title] = one.UID
	}
	if diff := cmp.Diff(installed, known); diff != "" {
		t.Errorf("pages of the table and dashboards of the chart differ (-chart +table):\n%s", diff)
	}
}

func TestReadWorkload_TakesWhatKubectlAndIstioctlTake(t *testing.T) {
	for text, want := range map[string]object.Ref{
		"web-1":                  {Kind: "Pod", Namespace: "here", Name: "web-1"},
		"web-1.there":            {Kind: "Pod", Namespace: "there", Name: "web-1"},
		"pod/web-1":              {Kind: "Pod", Namespace: "here", Name: "web-1"},
		"deploy/web":             {Group: "apps", Kind: "Deployment", Namespace: "here", Name: "web"},
		"deployment/web.there":   {Group: "apps", Kind: "Deployment", Namespace: "there", Name: "web"},
		"statefulset.apps/store": {Group: "apps", Kind: "StatefulSet", Namespace: "here", Name: "store"},
		"svc/reviews":            {Kind: "Service", Namespace: "here", Name: "reviews"},
	} {
		got, err := readWorkload(text, "here")
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"ns/here", "gateway/web", "deploy/"} {
		if got, err := readWorkload(text, "here"); err == nil {
			t.Errorf("%s: got %+v, want an error", text, got)
		}
	}
}

func TestAbout_ReadsNamesOfServicesAndWorkloads(t *testing.T) {
	for subject, want := range map[string]dashboard.About{
		"reviews":                            {Namespace: "here", Name: "reviews"},
		"reviews.bookinfo":                   {Namespace: "bookinfo", Name: "reviews"},
		"reviews.bookinfo.svc.cluster.local": {Namespace: "bookinfo", Name: "reviews"},
		"bookinfo/reviews":                   {Namespace: "bookinfo", Name: "reviews"},
		"deploy/reviews-v1.bookinfo":         {Namespace: "bookinfo", Name: "reviews-v1"},
		"svc/reviews":                        {Namespace: "here", Name: "reviews"},
		"":                                   {},
	} {
		request := dashboardRequest{page: &dashboard.Page{Of: dashboard.Service}, subject: subject}
		if got := request.about("here"); got != want {
			t.Errorf("%s: got %+v, want %+v", subject, got, want)
		}
	}
}
