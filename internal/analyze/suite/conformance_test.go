package suite_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

// better are the cases in which we know better than istioctl, with the reason.
// Each has a test of the right behaviour in the testdata of its check.
func better() map[string]string { return map[string]string{} }

// ingress is the gateway that istioctl takes for granted in its cases.
const ingress = `apiVersion: v1
kind: Pod
metadata:
  name: ingress
  namespace: istio-system
  labels: {istio: ingressgateway}
spec:
  containers: [{name: istio-proxy, image: proxy}]
---
apiVersion: v1
kind: Service
metadata:
  name: istio-ingressgateway
  namespace: istio-system
  labels: {istio: ingressgateway}
spec:
  type: LoadBalancer
  selector: {istio: ingressgateway}
  ports:
    - {name: status-port, port: 15021, targetPort: 15021, protocol: TCP}
    - {name: http2, port: 80, targetPort: 80, protocol: TCP}
    - {name: https, port: 443, targetPort: 443, protocol: TCP}
    - {name: tcp, port: 31400, targetPort: 31400, protocol: TCP}
    - {name: tls, port: 15443, targetPort: 15443, protocol: TCP}
`

type conformanceCase struct {
	Name         string   `json:"name"`
	Analyzer     string   `json:"analyzer"`
	Files        []string `json:"files"`
	MeshConfig   string   `json:"meshConfig"`
	MeshNetworks string   `json:"meshNetworks"`
	Expected     []struct {
		Code     string `json:"code"`
		Resource string `json:"resource"`
	} `json:"expected"`
}

func TestConformance(t *testing.T) {
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE names no folder with cases of the real istioctl")
	}
	text, err := os.ReadFile(filepath.Join(fixtures, "analyze", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []conformanceCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Analyzer+"/"+c.Name, func(t *testing.T) { c.run(t, filepath.Join(fixtures, "analyze", "inputs")) })
	}
}

func (c conformanceCase) run(t *testing.T, inputs string) {
	t.Helper()
	checks := checksFor(c.Analyzer)
	if reason := better()[c.Name]; reason != "" {
		t.Skip("istioctl is wrong: " + reason)
	}
	if len(checks) == 0 {
		t.Fatal("no check has this name of istioctl")
	}
	in := analyze.Input{
		Complete: true, Settings: analyze.Settings{Now: time.Now()},
		Documents: object.Documents("ingress.yaml", []byte(ingress)),
	}
	for _, file := range c.Files {
		in.Documents = append(in.Documents, documents(t, inputs, file)...)
	}
	if c.MeshConfig != "" {
		in.MeshConfig = &documents(t, inputs, c.MeshConfig)[0]
	}
	if c.MeshNetworks != "" {
		in.MeshNetworks = &documents(t, inputs, c.MeshNetworks)[0]
	}
	mesh, err := analyze.NewMesh(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	report, err := analyze.Run(t.Context(), mesh, checks, analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range report.Broken {
		t.Error(broken.Err)
	}
	var got, want []string
	for _, f := range report.Findings {
		got = append(got, f.Code.ID+" "+f.Resource.String())
	}
	for _, e := range c.Expected {
		want = append(want, e.Code+" "+e.Resource)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("findings (- istioctl, + here):\n%s", diff)
	}
}

func checksFor(legacy string) []*analyze.Analyzer {
	var checks []*analyze.Analyzer
	for _, a := range suite.All() {
		if slices.Contains(a.Legacy, legacy) {
			checks = append(checks, a)
		}
	}
	slices.SortFunc(checks, func(a, b *analyze.Analyzer) int { return cmp.Compare(a.Name, b.Name) })
	return checks
}

func documents(t *testing.T, folder, file string) []object.Document {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(file)))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the fixtures lack %s", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return object.Documents(strings.ReplaceAll(file, "/", "_"), text)
}
