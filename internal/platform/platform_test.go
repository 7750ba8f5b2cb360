package platform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/object"
)

// cluster is what a cluster of one platform answers: testdata/NAME.yaml.
type cluster struct {
	Version                     string
	Groups, Namespaces, Daemons []string
	Nodes                       []map[string]any
	// Is is the platform it is to be taken for, "" for none; Because the evidence.
	Is      string
	Because string
}

func TestDetect_RecognisesEachPlatform(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c cluster
		if err := yaml.UnmarshalStrict(text, &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		facts := Facts{Version: c.Version, Groups: c.Groups, Namespaces: c.Namespaces, Daemons: c.Daemons}
		for _, node := range c.Nodes {
			facts.Nodes = append(facts.Nodes, object.New(node, object.Source{}))
		}
		detected, _ := Detect(facts)
		if detected.Platform.Name != c.Is || strings.Join(detected.Evidence, "; ") != c.Because {
			t.Errorf("%s: taken for %q because of %s", file, detected.Platform.Name, strings.Join(detected.Evidence, "; "))
		}
		tried[c.Is] = true
	}
	for _, name := range Names() {
		if !tried[name] {
			t.Errorf("no cluster in testdata is %s", name)
		}
	}
	if !tried[""] {
		t.Error("no cluster in testdata is of no known platform")
	}
}

func TestSettings_MentionTheCNIOnlyWhereItIsOn(t *testing.T) {
	p, found := Find("GKE")
	if !found || len(p.Settings(false)) != 1 || p.Settings(true)["components.cni.namespace"] != "kube-system" {
		t.Errorf("GKE sets %v and with the CNI %v", p.Settings(false), p.Settings(true))
	}
	if p, _ := Find("oke"); p.Settings(true) != nil {
		t.Errorf("OKE sets %v", p.Settings(true))
	}
	if _, found := Find("gkes"); found {
		t.Error("found what is not there")
	}
}

func TestHints_OnlyWhatMatters(t *testing.T) {
	oracle := object.New(map[string]any{"status": map[string]any{"nodeInfo": map[string]any{"osImage": "Oracle Linux Server 8.10"}}}, object.Source{})
	istiod := object.Ref{Group: "apps", Kind: "Deployment", Namespace: "istio-system", Name: "istiod"}
	for _, test := range []struct {
		name     string
		platform string
		facts    Facts
		use      Use
		want     []string
	}{
		{"kind without gateways", nameKind, Facts{}, Use{}, nil},
		{"kind with one", nameKind, Facts{}, Use{LoadBalancer: true}, []string{"kind has no load balancers"}},
		{"Oracle Linux", nameOKE, Facts{Nodes: []object.Object{oracle}}, Use{Hub: "registry.istio.io/release"}, []string{"Oracle Linux Server 8.10 do not load by themselves what redirects traffic to sidecars: load iptable_nat, iptable_mangle, xt_REDIRECT, xt_owner and br_netfilter at boot, or --set values.global.nativeNftables=true"}},
		{"Oracle Linux, Oracle's images", nameOCNE, Facts{Nodes: []object.Object{oracle}}, Use{Profile: "ocne", Hub: "container-registry.oracle.com/olcne"}, []string{"or install the CNI"}},
		{"Oracle Linux with the CNI", nameOKE, Facts{Nodes: []object.Object{oracle}}, Use{CNI: true}, nil},
		{"Oracle Linux with nftables", nameOKE, Facts{Nodes: []object.Object{oracle}}, Use{NativeNftables: true}, nil},
		{"nftables without nft", nameOCNE, Facts{}, Use{Profile: "ocne", NativeNftables: true, Hub: "container-registry.oracle.com/olcne"}, []string{"has no nft"}},
		{"OKE, load balancer", nameOKE, Facts{}, Use{LoadBalancer: true}, []string{"--oke-lb flexible:10-100"}},
		{"OKE, load balancer with a shape", nameOKE, Facts{}, Use{LoadBalancer: true, Shaped: true}, nil},
		{"OKE, somebody's istiod", nameOKE, Facts{Istiods: []object.Ref{istiod}}, Use{}, []string{"Deployment istio-system/istiod was not installed by meshctl; if it is OKE's cluster add-on"}},
		{"OKE, beside somebody's istiod", nameOKE, Facts{Istiods: []object.Ref{istiod}}, Use{Revision: "canary"}, nil},
		{"anywhere, somebody's istiod", "", Facts{Istiods: []object.Ref{istiod}}, Use{}, []string{"--revision installs beside it"}},
		{"Talos", nameTalos, Facts{}, Use{CNI: true}, []string{"label the namespace of the CNI"}},
		{"Talos without the CNI", nameTalos, Facts{}, Use{}, []string{"components.cni.enabled=true"}},
		{"Docker Desktop", nameDocker, Facts{}, Use{}, nil},
		{"Docker Desktop with the CNI", nameDocker, Facts{}, Use{Ambient: true}, []string{"make-rshared"}},
		{"Cilium", "", Facts{Daemons: []string{"cilium"}}, Use{CNI: true}, []string{"cni.exclusive=false"}},
		{"Cilium without the CNI", "", Facts{Daemons: []string{"cilium"}}, Use{}, nil},
		{"AKS", nameAKS, Facts{}, Use{}, nil},
		{"AKS with the add-on", nameAKS, Facts{Namespaces: []string{"aks-istio-system"}}, Use{}, []string{"Azure's Istio add-on"}},
		{"OpenShift by its profile", nameOpenShift, Facts{}, Use{Profile: "openshift-ambient", Ambient: true}, nil},
		{"OpenShift", nameOpenShift, Facts{Groups: []string{"sailoperator.io"}}, Use{Profile: "default"}, []string{"--profile openshift", "two installers"}},
	} {
		p, _ := Find(test.platform)
		got := Hints(p, test.facts, test.use)
		if len(got) != len(test.want) {
			t.Errorf("%s: got %q", test.name, got)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], test.want[i]) {
				t.Errorf("%s: got %q, want %q", test.name, got[i], test.want[i])
			}
		}
	}
}
