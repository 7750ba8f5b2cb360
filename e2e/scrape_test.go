package e2e_test

import (
	"bytes"
	"cmp"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/internal/cli"
)

// TestScraping installs a mesh in the lab and lets Prometheus, with the configuration of our chart, look for it: each
// part of the mesh has to be asked at the port and the path where it shows its metrics, and to bear the labels that
// dashboards and alerts know it by.
func TestScraping(t *testing.T) {
	t.Parallel()
	programs := prometheus.Programs(t)
	kubeconfig, stop, err := startLab(filepath.Join(programs, "lab"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	var out, story bytes.Buffer
	install := []string{"meshctl", "install", "--yes", "--kubeconfig", kubeconfig, "--set", "profile=ambient", "--set", "components.ingressGateways[0].enabled=true"}
	if code := cli.Main(t.Context(), install, strings.NewReader(""), &out, &story, []string{"HOME=" + t.TempDir()}); code != 0 {
		t.Fatalf("%s: exit code %d: %s", strings.Join(install, " "), code, story.String())
	}

	dir := configured(t)
	lookInto(t, dir, kubeconfig)
	server, err := prometheus.Start(t.Context(), prometheus.Options{Programs: programs, Dir: filepath.Join(dir, "server"), Config: filepath.Join(dir, "prometheus.yml")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	want := []string{
		"istio-cni-node :15014/metrics node",
		"istio-ingressgateway :15020/stats/prometheus node",
		"istiod :15014/metrics node",
		"kubelet https /metrics/cadvisor",
		"prometheus /metrics",
		"ztunnel :15020/metrics node",
	}
	const patience, pause = time.Minute, 200 * time.Millisecond
	var got []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pause) {
		if got = targets(t, server); slices.Equal(got, want) {
			return
		}
	}
	t.Errorf("targets are not those of the mesh (-want +got):\n%s", gocmp.Diff(want, got))
}

// lookInto has a configuration that was made for a pod look for targets in the lab from outside.
func lookInto(t *testing.T, dir, kubeconfig string) {
	t.Helper()
	config := filepath.Join(dir, "prometheus.yml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	outside := regexp.MustCompile(`(?m)^( +)- role: \w+$`).ReplaceAll(text, []byte("$0\n$1  kubeconfig_file: "+kubeconfig))
	if err := os.WriteFile(config, outside, 0o600); err != nil {
		t.Fatal(err)
	}
	lab, err := clientcmd.LoadFromFile(kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, cluster := range lab.Clusters {
		if err := os.WriteFile(filepath.Join(dir, "ca.crt"), cluster.CertificateAuthorityData, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// targets says of each kind of target once where it is asked.
func targets(t *testing.T, server *prometheus.Server) []string {
	t.Helper()
	var answer struct {
		ActiveTargets []struct {
			ScrapePool, ScrapeURL string
			Labels                map[string]string
		}
	}
	if err := server.Get(t.Context(), "/api/v1/targets", url.Values{"state": {"active"}}, &answer); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, found := range answer.ActiveTargets {
		at, err := url.Parse(found.ScrapeURL)
		if err != nil {
			t.Fatal(err)
		}
		switch found.ScrapePool {
		case "prometheus":
			all = append(all, "prometheus "+at.Path)
		case "kubernetes-nodes-cadvisor":
			all = append(all, "kubelet "+at.Scheme+" "+at.Path)
		default:
			line := cmp.Or(found.Labels["app"], found.Labels["k8s_app"]) + " :" + at.Port() + at.Path
			if found.Labels["node"] != "" && found.Labels["pod"] != "" && found.Labels["namespace"] == "istio-system" {
				line += " node"
			}
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
