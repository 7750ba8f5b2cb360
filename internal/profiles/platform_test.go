package profiles

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlatform_IsWeakerThanTheUser(t *testing.T) {
	k3s := Platform{Name: "k3s", Settings: map[string]any{"values.global.platform": "k3s"}}
	for _, test := range []struct {
		name   string
		config Config
		want   string
	}{
		{"nothing said", Config{}, "k3s (platform k3s)"},
		{"another by --set", Config{Sets: []string{"values.global.platform=k3d"}}, "k3d (--set)"},
		{"none by --set", Config{Sets: []string{"values.global.platform="}}, " (--set)"},
		{"none by file", Config{Files: []File{{Name: "mesh.yaml", Data: []byte("values:\n  global:\n    platform: \"\"\n")}}}, " (mesh.yaml:3)"},
		{"null by file", Config{Files: []File{{Name: "mesh.yaml", Data: []byte("values:\n  global:\n    platform: null\n")}}}, " ()"},
		{"by the other key", Config{Sets: []string{"values.platform=gke"}}, "gke (--set)"},
	} {
		test.config.Platform = k3s
		mesh, err := Resolve(test.config, manifests())
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		name, origin := mesh.PlatformNamed()
		if got := fmt.Sprintf("%s (%s)", name, origin); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
		if follows := len(mesh.PlatformLeaves()) > 0; follows != (name != "") {
			t.Errorf("%s: values follow: %v", test.name, mesh.PlatformLeaves())
		}
	}
}

func TestPlatform_LeavesNameWhatFollows(t *testing.T) {
	mesh, err := Resolve(Config{Platform: Platform{Name: "k3s", Settings: map[string]any{"values.global.platform": "k3s"}}}, manifests())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, leaf := range mesh.PlatformLeaves() {
		got = append(got, fmt.Sprintf("%s=%v", leaf.Path, leaf.Value))
	}
	want := "values.cni.cniBinDir=/var/lib/rancher/k3s/data/cni values.cni.cniConfDir=/var/lib/rancher/k3s/agent/etc/cni/net.d values.global.platform=k3s"
	if strings.Join(got, " ") != want {
		t.Errorf("got %s", got)
	}
	if recorded := fmt.Sprint(mesh.UserSpec()); strings.Contains(recorded, "k3s") {
		t.Errorf("the record of the user's wishes has what nobody wished: %s", recorded)
	}
}

func TestSetting_IsWeakerThanSetAndStrongerThanFiles(t *testing.T) {
	setting := Setting{Path: []string{"values", "gateways", "istio-ingressgateway", "serviceAnnotations", "a.b/c"}, Value: "10", Flag: "--oke-lb nlb"}
	file := File{Name: "mesh.yaml", Data: []byte("values:\n  gateways:\n    istio-ingressgateway:\n      serviceAnnotations: {a.b/c: \"5\"}\n")}
	mesh, err := Resolve(Config{Settings: []Setting{setting}, Files: []File{file}}, manifests())
	if err != nil {
		t.Fatal(err)
	}
	if got := mesh.spec.at(setting.Path...); got.value != "10" || got.origin.place() != "--oke-lb nlb" || got.origin.String() != "--oke-lb" {
		t.Errorf("got %v from %s", got.value, got.origin.place())
	}
	mesh, err = Resolve(Config{Settings: []Setting{setting}, Sets: []string{`values.gateways.istio-ingressgateway.serviceAnnotations.a\.b/c=x`}}, manifests())
	if err != nil {
		t.Fatal(err)
	}
	if got := mesh.spec.str(setting.Path...); got != "x" {
		t.Errorf("--set does not win: %v", got)
	}
}
