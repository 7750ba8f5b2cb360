package samples_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/samples"
	"github.com/meshctl/meshctl/manifests"
)

// TestList_SamplesAreWhole: each says what to look at, examples belong to an
// application that there is, and manifests leave the namespace to the user.
func TestList_SamplesAreWhole(t *testing.T) {
	all, err := samples.List(manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	var applications []string
	for _, sample := range all {
		if !sample.IsExample() {
			applications = append(applications, sample.Name)
		}
	}
	for _, want := range []string{"bookinfo", "httpbin", "fortio"} {
		if !slices.Contains(applications, want) {
			t.Errorf("there is no application %s", want)
		}
	}
	for _, sample := range all {
		if sample.Title == "" || len(sample.Look) == 0 {
			t.Errorf("%s has no title, or nothing to look at", sample.Name)
		}
		if sample.IsExample() && !slices.Contains(applications, sample.Of) {
			t.Errorf("%s is an example of %s, which is no application", sample.Name, sample.Of)
		}
		objects, err := samples.Objects(manifests.FS(), sample.Name, "shop")
		if err != nil || len(objects) == 0 {
			t.Errorf("%s: %d objects, %v", sample.Name, len(objects), err)
		}
		for _, o := range objects {
			if o.GetNamespace() != "shop" {
				t.Errorf("%s: %s is not in the namespace", sample.Name, o.Ref())
			}
		}
		text, err := samples.Text(manifests.FS(), sample.Name)
		if err != nil || strings.Contains(string(text), "namespace:") {
			t.Errorf("%s: its text names a namespace, or %v", sample.Name, err)
		}
	}
}

func TestGet_UnknownNameTellsThoseThereAre(t *testing.T) {
	_, err := samples.Get(manifests.FS(), "bookinfos")
	unknown, ok := errors.AsType[*samples.UnknownError](err)
	if !ok || !slices.Contains(unknown.Known, "bookinfo") {
		t.Fatalf("got %v", err)
	}
}
