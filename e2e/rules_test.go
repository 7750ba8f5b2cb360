package e2e_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
)

// TestRules runs what promtool's rule tests say of the rules that our chart makes.
func TestRules(t *testing.T) {
	t.Parallel()
	promtool := filepath.Join(prometheus.Programs(t), "promtool")
	for _, test := range []struct {
		file string
		sets []string
	}{
		{"alerts.yaml", nil},
		{"recording.yaml", nil},
		{"tuned.yaml", []string{
			"alerts.serviceErrors.percent=50", "alerts.serviceErrors.for=5m", "alerts.serviceErrors.severity=page",
			"alerts.labels.team=mesh", "alerts.istiodDown.enabled=false",
		}},
	} {
		t.Run(test.file, func(t *testing.T) {
			dir := configured(t, test.sets...)
			text, err := os.ReadFile(filepath.Join("testdata", "rules", test.file))
			if err != nil {
				t.Fatal(err)
			}
			tests := filepath.Join(dir, "tests.yaml")
			if err := os.WriteFile(tests, text, 0o600); err != nil {
				t.Fatal(err)
			}
			promtoolAccepts(t, promtool, "test", "rules", tests)
		})
	}
}

// TestPrometheusConfig has promtool read what our chart makes of several settings, files that it names included.
func TestPrometheusConfig(t *testing.T) {
	t.Parallel()
	promtool := filepath.Join(prometheus.Programs(t), "promtool")
	const none = "alerts.istiodDown.enabled=false,alerts.rejectedConfig.enabled=false,alerts.authorityCertificate.enabled=false," +
		"alerts.proxyCertificate.enabled=false,alerts.injection.enabled=false,alerts.serviceErrors.enabled=false,alerts.serviceLatency.enabled=false"
	for _, test := range []struct {
		name  string
		files string // that have rules
		sets  []string
	}{
		{"as it comes", "alerts.yml recording-rules.yml", nil},
		{"without rules", "", []string{"alerts.enabled=false", "recordingRules.enabled=false"}},
		{"without any alert", "alerts.yml recording-rules.yml", strings.Split(none, ",")},
		{"without kubelets", "alerts.yml recording-rules.yml", []string{"cadvisor.enabled=false"}},
		{"with an Alertmanager", "alerts.yml recording-rules.yml", []string{"alerts.alertmanagers[0]=alertmanager.monitoring:9093"}},
		{"with users and a certificate", "alerts.yml recording-rules.yml", []string{"web.existingSecret=s", "web.https=true", "web.user=mesh"}},
		{"with rules of the user's", "alerts.yml extra-rules.yml recording-rules.yml", []string{"extraRules=- name: mine\n  rules:\n    - record: mine\n      expr: sum(up)\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := configured(t, test.sets...)
			var rules []string
			for _, name := range []string{"alerts.yml", "extra-rules.yml", "recording-rules.yml"} {
				if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
					rules = append(rules, name)
					promtoolAccepts(t, promtool, "check", "rules", "--lint=all", "--lint-fatal", filepath.Join(dir, name))
				}
			}
			if got := strings.Join(rules, " "); got != test.files {
				t.Errorf("there are the rule files %q, want %q", got, test.files)
			}
			promtoolAccepts(t, promtool, "check", "config", "--lint=all", "--lint-fatal", filepath.Join(dir, "prometheus.yml"))
		})
	}
}

// configured writes the files that our chart gives to Prometheus, and those
// that every pod has from its service account, which they name.
func configured(t *testing.T, sets ...string) string {
	t.Helper()
	dir := t.TempDir()
	const account, web = "/var/run/secrets/kubernetes.io/serviceaccount", "/etc/prometheus-web"
	args := []string{"--set", "components.prometheus.enabled=true"}
	for _, set := range sets {
		args = append(args, "--set", "values.prometheus."+set)
	}
	write := func(name, text string) {
		text = strings.NewReplacer(account, dir, web, dir).Replace(text)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", "token")
	write("ca.crt", "")
	write("password", "password")
	for _, o := range rendered(t, args...) {
		if o.Metadata.Name == "prometheus" {
			for file, text := range o.Data {
				write(file, text)
			}
		}
	}
	return dir
}

func promtoolAccepts(t *testing.T, promtool string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// TestRules_HoldInAServer has a real Prometheus evaluate them over the metrics of the mesh.
func TestRules_HoldInAServer(t *testing.T) {
	t.Parallel()
	dir := configured(t)
	config := filepath.Join(dir, "only-rules.yml")
	if err := os.WriteFile(config, []byte("global: {evaluation_interval: 1s}\nrule_files: [alerts.yml, recording-rules.yml]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	server, err := prometheus.Start(t.Context(), prometheus.Options{Programs: prometheus.Programs(t), Dir: filepath.Join(dir, "server"), Config: config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	if err := server.Load(t.Context(), now, series.All(now)); err != nil {
		t.Fatal(err)
	}

	const reviews = "reviews.bookinfo.svc.cluster.local"
	mesh := series.NewMesh()
	whole, service := mesh.ReportedBy("source", "waypoint").Sum(), mesh.ToService(reviews).Sum()
	page := mesh.To("bookinfo", "productpage-v1").ReportedBy("destination").Sum()
	for query, want := range map[string]float64{
		`istio:mesh_requests:rate5m`: whole.RPS,
		`istio:mesh_failures:rate5m`: whole.Failed,
		`istio:service_success:ratio_rate5m{destination_service="` + reviews + `"}`:                                          service.Success(),
		`istio:service_request_duration_milliseconds:quantile_rate5m{quantile="0.95",destination_service="` + reviews + `"}`: service.P95,
		`istio:workload_requests:rate5m{destination_workload="productpage-v1"}`:                                              page.RPS,
	} {
		awaitValue(t, server, query, want)
	}

	// What is wrong in the mesh waits for its time; what is not stays quiet.
	awaitValue(t, server, `count(ALERTS{alertname=~"IstioConfigRejected|IstioInjectionFails", alertstate="pending"})`, 3)
	documented, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, rule := range rulesOf(t, server) {
		if rule.State != "" && !strings.Contains(string(documented), "| "+name+" |") {
			t.Errorf("docs/metrics.md lacks the alert %s", name)
		}
		if rule.Health != "ok" {
			t.Errorf("%s is %s: %s", name, rule.Health, rule.LastError)
		}
		if quiet := name == "IstiodDown" || name == "IstioAuthorityCertificateExpires"; quiet && rule.State != "inactive" {
			t.Errorf("%s is %s", name, rule.State)
		}
	}
}

type rule struct{ Name, Health, LastError, State string }

func rulesOf(t *testing.T, server *prometheus.Server) map[string]rule {
	t.Helper()
	var answer struct{ Groups []struct{ Rules []rule } }
	if err := server.Get(t.Context(), "/api/v1/rules", nil, &answer); err != nil {
		t.Fatal(err)
	}
	found := map[string]rule{}
	for _, group := range answer.Groups {
		for _, rule := range group.Rules {
			found[rule.Name] = rule
		}
	}
	if len(found) < 25 {
		t.Errorf("there are %d rules, fewer than 25", len(found))
	}
	return found
}

// awaitValue waits until the server has made the value of a rule from all that it was given.
func awaitValue(t *testing.T, server *prometheus.Server, query string, want float64) {
	t.Helper()
	const patience, pause = time.Minute, 100 * time.Millisecond
	var found []prometheus.Sample
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pause) {
		var err error
		if found, err = server.Query(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		if len(found) == 1 && math.Abs(found[0].Value-want) <= 1e-6*want {
			return
		}
	}
	t.Errorf("%s = %v, want %g", query, found, want)
}
