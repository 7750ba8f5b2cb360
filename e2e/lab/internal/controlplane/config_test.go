package controlplane

import (
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
)

func TestWriteIdentities_WritesKubeconfigsThatStandAlone(t *testing.T) {
	f := folder(t.TempDir())
	if err := f.prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := writeIdentities(f, "https://127.0.0.1:1234"); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", f.user("scheduler"))
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://127.0.0.1:1234" {
		t.Errorf("server = %s", config.Host)
	}
	if len(config.CAData) == 0 || len(config.CertData) == 0 || len(config.KeyData) == 0 {
		t.Error("the kubeconfig refers to other files")
	}
}

func TestArgs_NameOnlyFilesThatExist(t *testing.T) {
	f := folder(t.TempDir())
	if err := f.prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := writeIdentities(f, "https://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	if err := writeConfigs(f, "http://127.0.0.1:1", nil); err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(etcdArgs(f, ports{}), apiServerArgs(f, ports{}), controllerManagerArgs(f), schedulerArgs(f), kwokArgs(f, ports{}, ""))
	for _, arg := range all {
		_, value, _ := strings.Cut(arg, "=")
		if !strings.HasPrefix(value, string(f)) {
			continue
		}
		if _, err := os.Stat(value); err != nil {
			t.Errorf("%s: %v", arg, err)
		}
	}
}

func TestVersion_IsTheOneInGoMod(t *testing.T) {
	content, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "k8s.io/kubernetes "+Version) {
		t.Errorf("go.mod does not ask for k8s.io/kubernetes %s", Version)
	}
}
