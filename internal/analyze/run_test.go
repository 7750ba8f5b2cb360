package analyze_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

func mesh(t *testing.T, in analyze.Input, text string) *analyze.Mesh {
	t.Helper()
	in.Documents = append(in.Documents, object.Documents("mesh.yaml", []byte(text))...)
	m, err := analyze.NewMesh(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range m.Unread() {
		t.Error(err)
	}
	return m
}

// each is a check that reports every Service, at a field that may not be there.
func each(name string, field object.Path) *analyze.Analyzer {
	code := &analyze.Code{ID: "MSH0" + name, Severity: analyze.Warning}
	return &analyze.Analyzer{Name: name, Needs: []analyze.Kind{analyze.Service}, Codes: []*analyze.Code{code}, Run: func(pass *analyze.Pass) error {
		for service := range pass.Mesh.Services().All() {
			pass.Reportf(code, service, field, "it is %s", service.Name)
		}
		return nil
	}}
}

func lines(findings []analyze.Finding) string {
	var text strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&text, "%s %s %s:%d:%d %s\n", f.Code.ID, f.Resource, f.Position.File, f.Position.Line, f.Position.Column, f.Fingerprint)
	}
	return text.String()
}

func services(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata:\n  name: s%d\n  namespace: n%d\nspec:\n  ports:\n    - port: 80\n", i, i%7)
	}
	return texts
}

func TestRun_IsTheSameForAnyNumberOfWorkers(t *testing.T) {
	text := strings.Join(services(200), "---\n")
	var want string
	for _, workers := range []int{1, 2, 8} {
		m := mesh(t, analyze.Input{Workers: workers}, text)
		checks := []*analyze.Analyzer{each("001", object.Field("spec.ports", 0, "port")), each("002", nil), each("003", object.Field("metadata.name"))}
		report, err := analyze.Run(t.Context(), m, checks, analyze.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if got := lines(report.Findings); want == "" {
			want = got
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d workers:\n%s", workers, diff)
		}
	}
	if n := strings.Count(want, "\n"); n != 600 {
		t.Errorf("there are %d findings", n)
	}
}

func TestRun_DoesNotDependOnTheOrderOfDocuments(t *testing.T) {
	texts := services(50)
	names := func() []string {
		m := mesh(t, analyze.Input{}, strings.Join(texts, "---\n"))
		report, err := analyze.Run(t.Context(), m, []*analyze.Analyzer{each("001", nil)}, analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range report.Findings {
			names = append(names, f.Code.ID+f.Resource.String()+f.Message)
		}
		return names
	}
	want := names()
	rand.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	if diff := cmp.Diff(want, names()); diff != "" {
		t.Error(diff)
	}
}

func TestRun_SurvivesBadChecks(t *testing.T) {
	m := mesh(t, analyze.Input{}, services(1)[0])
	failed := errors.New("it failed")
	checks := []*analyze.Analyzer{
		{Name: "panics", Run: func(*analyze.Pass) error { panic("oh") }},
		{Name: "fails", Run: func(*analyze.Pass) error { return failed }},
		{Name: "undeclared", Run: func(pass *analyze.Pass) error {
			for service := range pass.Mesh.Services().All() {
				pass.Reportf(&analyze.Code{ID: "MSH9999"}, service, nil, "")
			}
			return nil
		}},
		each("001", nil),
	}
	report, err := analyze.Run(t.Context(), m, checks, analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var failures []string
	for _, f := range report.Findings {
		if f.Code == analyze.Failure {
			failures = append(failures, f.Resource.String())
		}
	}
	if diff := cmp.Diff([]string{"Check fails", "Check panics", "Check undeclared"}, failures); diff != "" {
		t.Error(diff)
	}
	if good := len(report.Findings) - len(failures); good != 1 {
		t.Errorf("the good check found %d", good)
	}
	if len(report.Broken) != 3 {
		t.Fatalf("broken are %v", report.Broken)
	}
	if panicked, ok := errors.AsType[*analyze.PanicError](report.Broken[0].Err); !ok || panicked.Value != "oh" || !errors.Is(report.Broken[1].Err, failed) {
		t.Errorf("broken are %v", report.Broken)
	}
	if !report.Partial() {
		t.Error("a report with broken checks is not partial")
	}
}

func TestRun_SkipsWhatCannotKnow(t *testing.T) {
	m := mesh(t, analyze.Input{}, services(1)[0])
	report, err := analyze.Run(t.Context(), m, []*analyze.Analyzer{each("001", nil)}, analyze.Options{Unreadable: []analyze.Kind{analyze.Service}})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Findings) != 0 || len(report.Skipped) != 1 || report.Skipped[0].Missing[0] != analyze.Service {
		t.Errorf("%+v", report)
	}
}

func TestRun_PlacesFindings(t *testing.T) {
	const text = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata:
      name: cart
      annotations:
        example.com/ä: "x"
    spec:
      ports:
        - port: 80
          name: http
`
	for _, test := range []struct {
		field object.Path
		want  string
	}{
		{object.Field("metadata.annotations").Key("example.com/ä"), "9:9-27"},
		{object.Field("spec.ports", 0, "name"), "13:11-21"},
		{object.Field("spec.ports", 0, "targetPort"), "12:11-19"},
		{object.Field("spec.ports", 3), "11:7-12"},
		{object.Field("spec.selector.app"), "10:5-9"},
		{nil, "4:5-19"},
	} {
		m := mesh(t, analyze.Input{}, text)
		report, err := analyze.Run(t.Context(), m, []*analyze.Analyzer{each("001", test.field)}, analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := report.Findings[0].Position
		if got := fmt.Sprintf("%d:%d-%d", p.Line, p.Column, p.EndColumn); got != test.want {
			t.Errorf("%s is at %s, want %s", test.field, got, test.want)
		}
	}
}

func TestMesh_KnowsWhatIsDefinedTwice(t *testing.T) {
	text := services(1)[0] + "---\n" + strings.ReplaceAll(services(1)[0], "80", "81")
	m := mesh(t, analyze.Input{}, text)
	service, _ := m.Services().Get("n0", "s0")
	if got := service.Spec.Ports[0].Port; got != 81 {
		t.Errorf("port %d counts, want that of the last definition", got)
	}
	count := 0
	for d := range m.Duplicates() {
		count++
		if d.Last != service.Resource {
			t.Errorf("the last of the duplicates is not the one that counts")
		}
	}
	if count != 1 {
		t.Errorf("there are %d duplicates", count)
	}
}

func TestMesh_SaysWhatItsTypesDoNotAllow(t *testing.T) {
	m := mesh(t, analyze.Input{}, `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, labls: {}}
spec:
  http:
    - timeout: 10
      retry: {attempts: 3}
      route: [{destination: {host: a, port: {number: eighty}}}]
stauts: {}
`)
	var got []string
	for r := range m.Of(analyze.VirtualService) {
		for _, p := range r.Problems {
			got = append(got, string(p.Reason)+" "+p.Path.String())
		}
	}
	want := []string{
		"unknown field metadata.labls", "wrong type spec.http[0].timeout", "unknown field spec.http[0].retry",
		"wrong type spec.http[0].route[0].destination.port.number", "unknown field stauts",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
