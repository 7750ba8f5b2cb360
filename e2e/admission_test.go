package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/manifests"
)

// TestAdmission compares what analyze says of custom resources with what the
// API server says: it must take all that analyze lets pass, and refuse the
// others. The resources are those in testdata/admission, and each of them
// changed in one place: a part of what variants knows, or
// all if MESHCTL_ADMISSION is "all".
func TestAdmission(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what needs a cluster")
	}
	client := admissionCluster(t)
	var cases []variant
	for _, document := range admissionDocuments(t) {
		cases = append(cases, variants(document)...)
	}
	if os.Getenv("MESHCTL_ADMISSION") != "all" {
		const every = 7 // a prime, so that all kinds of changes are among them
		cases = slices.DeleteFunc(cases, func(c variant) bool { return c.number%every != 0 })
	}
	const least = 2000
	if len(cases) < least {
		t.Fatalf("there are only %d cases", len(cases))
	}
	selection, err := suite.Select([]string{"crdschema"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	refused := make([]bool, len(cases))
	group, ctx := errgroup.WithContext(t.Context())
	const atOnce = 8
	group.SetLimit(atOnce)
	for i, c := range cases {
		group.Go(func() error {
			said, err := serverSays(ctx, client, c.object)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			refused[i] = said != ""
			if ours := analyzeSays(ctx, t, selection.Analyzers, c.object); (ours != "") != refused[i] {
				t.Errorf("%s:\nthe API server says %q\nanalyze says %q", c.name, said, ours)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	bad := len(slices.DeleteFunc(slices.Clone(refused), func(r bool) bool { return !r }))
	t.Logf("%d resources, of which the API server refuses %d", len(cases), bad)
	if bad < least/2 || len(cases)-bad < least/4 {
		t.Error("too few of them are refused, or taken, to mean anything")
	}
}

// admissionCluster is a lab with the definitions of the base chart.
func admissionCluster(t *testing.T) *kubectlClient {
	t.Helper()
	if os.Getenv("MESHCTL_E2E_KUBECONFIG") != "" {
		t.Skip("a cluster of somebody's may have definitions of another version")
	}
	bin, err := filepath.Abs("lab/bin/lab")
	if err != nil {
		t.Fatal(err)
	}
	kubeconfig, stop, err := startLab(bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Setenv("KUBECONFIG", kubeconfig)
	client, err := newKubectlClient(kubectlFlags{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(manifests.FS(), "charts/base/files/crds/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(manifests.FS(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.define(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return client
}

// define installs a definition and waits until the API server knows the kind.
func (c *kubectlClient) define(ctx context.Context, text []byte) error {
	var definition unstructured.Unstructured
	if err := yaml.Unmarshal(text, &definition.Object); err != nil {
		return err
	}
	resource, err := c.of(ctx, &definition)
	if err != nil {
		return err
	}
	if _, err := resource.Create(ctx, &definition, metav1.CreateOptions{}); err != nil {
		return err
	}
	return poll(ctx, "the definition", func() (bool, error) {
		live, err := resource.Get(ctx, definition.GetName(), metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		status, err := json.Marshal(live.Object["status"])
		return strings.Contains(string(status), `"status":"True","type":"Established"`), err
	})
}

// serverSays is why the API server does not take an object; empty if it does.
func serverSays(ctx context.Context, client *kubectlClient, o map[string]any) (string, error) {
	live := &unstructured.Unstructured{Object: o}
	resource, err := client.of(ctx, live)
	if err != nil {
		return "", err
	}
	_, err = resource.Create(ctx, live, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: "Ignore"})
	if !apierrors.IsInvalid(err) {
		return "", err
	}
	return err.Error(), nil
}

// analyzeSays is why the API server would not take an object, for analyze.
func analyzeSays(ctx context.Context, t *testing.T, checks []*analyze.Analyzer, o map[string]any) string {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Error(err)
	}
	mesh, err := analyze.NewMesh(ctx, analyze.Input{Documents: object.Documents("o.yaml", text), Namespace: "default", Workers: 1})
	if err != nil {
		t.Error(err)
	}
	report, err := analyze.Run(ctx, mesh, checks, analyze.Options{Workers: 1})
	if err != nil {
		t.Error(err)
	}
	for _, broken := range report.Broken {
		t.Error(broken.Err)
	}
	var said []string
	for _, finding := range report.Findings {
		if finding.Code.ID == "MSH0006" {
			said = append(said, finding.Message)
		}
	}
	return strings.Join(said, "; ")
}

func admissionDocuments(t *testing.T) []map[string]any {
	t.Helper()
	files, err := filepath.Glob("testdata/admission/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var documents []map[string]any
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range object.Documents(file, text) {
			var o map[string]any
			if err := yaml.Unmarshal(document.Text, &o); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			documents = append(documents, o)
		}
	}
	return documents
}

// variant is an object changed in one place.
type variant struct {
	name   string
	number int // among those of the object; 0 is the object as it is
	object map[string]any
}

// variants are an object as it is, and with each field below its spec taken
// away, doubled, or replaced by values that may or may not be allowed there.
func variants(o map[string]any) []variant {
	identity := fmt.Sprintf("%v %v", o["kind"], o["metadata"].(map[string]any)["name"])
	var found []variant
	add := func(what string) {
		found = append(found, variant{identity + what, len(found), runtime.DeepCopyJSON(o)})
	}
	add("")
	var visit func(at string, value any, set func(any))
	change := func(at string, to any, set func(any), back any) {
		set(to)
		what, _ := json.Marshal(to)
		add(fmt.Sprintf(": %s = %.80s", at, what))
		set(back)
	}
	visit = func(at string, value any, set func(any)) {
		for _, other := range replacements(value) {
			change(at, other, set, value)
		}
		switch value := value.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(value)) {
				below := value[name]
				delete(value, name)
				add(fmt.Sprintf(": without %s.%s", at, name))
				value[name] = below
				visit(at+"."+name, below, func(v any) { value[name] = v })
			}
		case []any:
			if len(value) > 0 {
				change(at, append(slices.Clone(value), runtime.DeepCopyJSONValue(value[0])), set, value)
			}
			for i, below := range value {
				visit(fmt.Sprintf("%s[%d]", at, i), below, func(v any) { value[i] = v })
			}
		}
	}
	visit("spec", o["spec"], func(v any) { o["spec"] = v })
	return found
}

// replacements are what to put in the place of a value.
func replacements(value any) []any {
	anything := []any{nil, "", "x", int64(0), 1.5, true, map[string]any{}, []any{}}
	switch value := value.(type) {
	case string:
		return append(anything, "*", "a.*.b", "UPPER", "1s", "0.1ms", "10", "http://a b", "ftp://a", "unix:///a/", "unix://@a", "10.0.0.1", "10.0.0.0/8", "/a//b", "/a/../b", "%2F", "a#b",
			"ISTIO_MUTUAL", "NONE", "DNS_ROUND_ROBIN", "HTTP", "TCP", "UDP", "TLS", "Passthrough", "RequestRedirect", "URLRewrite", "Hostname", "IPAddress", "HOST", "Service", "REMOVE", strings.Repeat("a", 64), strings.Repeat("a", 2100), "é"+value)
	case float64, int64:
		return append(anything, int64(-1), int64(65536), int64(99999999999), int64(1000), 2.0, "80")
	case map[string]any:
		return append(anything, map[string]any{"": "a"}, map[string]any{"*": "*"}, map[string]any{"unknown": "a"})
	case []any:
		long := make([]any, 0, len(value)*70)
		for range 70 {
			long = append(long, runtime.DeepCopyJSON(map[string]any{"v": value})["v"].([]any)...)
		}
		return append(anything, []any{nil}, []any{""}, long, value[:len(value)/2])
	}
	return anything
}
