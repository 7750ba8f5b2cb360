package inject

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

const (
	mergeMetricsAnnotation = "prometheus.istio.io/merge-metrics"
	scrapeEnv              = "ISTIO_PROMETHEUS_ANNOTATIONS"
	scrapePrefix           = "prometheus.io/"
	proxyMetrics           = "/stats/prometheus"
)

// scrape is what a pod tells Prometheus, and what the agent is told about the application.
type scrape struct {
	Scrape string `json:"scrape"`
	Path   string `json:"path"`
	Port   string `json:"port"`
}

// scrapeKey is one of the three settings for all the ways to spell it, and ""
// for annotations that are about something else.
func scrapeKey(annotation string) string {
	plain := strings.Map(func(c rune) rune {
		if c == '.' || c == '/' || c == '-' {
			return '_'
		}
		return c
	}, annotation)
	switch key, found := strings.CutPrefix(plain, "prometheus_io_"); {
	case !found:
		return ""
	case key == "scrape", key == "path", key == "port":
		return key
	}
	return ""
}

func scrapeOf(annotations map[string]string) scrape {
	var s scrape
	// The last in order wins: the same on every run.
	for _, name := range slices.Sorted(maps.Keys(annotations)) {
		switch scrapeKey(name) {
		case "scrape":
			s.Scrape = annotations[name]
		case "path":
			s.Path = annotations[name]
		case "port":
			s.Port = annotations[name]
		}
	}
	return s
}

func dropScrape(annotations map[string]string) {
	maps.DeleteFunc(annotations, func(name, _ string) bool { return scrapeKey(name) != "" })
}

// mergeScrape sends Prometheus to the agent, which adds the metrics of the proxy
// to those of the application.
func (r *run) mergeScrape(pod *corev1.Pod) error {
	own := scrapeOf(pod.Annotations)
	if wanted, err := strconv.ParseBool(own.Scrape); err == nil && !wanted || !r.mergesScrape(pod) || own.Port == r.statusPort() {
		return nil
	}
	if proxy := proxyOf(pod); proxy != nil && own != (scrape{}) {
		text, err := json.Marshal(own)
		if err != nil {
			return err
		}
		proxy.Env = append(proxy.Env, corev1.EnvVar{Name: scrapeEnv, Value: string(text)})
	}
	dropScrape(pod.Annotations)
	setKey(&pod.Annotations, scrapePrefix+"port", r.statusPort())
	setKey(&pod.Annotations, scrapePrefix+"path", proxyMetrics)
	setKey(&pod.Annotations, scrapePrefix+"scrape", "true")
	return nil
}

// mergesScrape goes by the pod as it came out: a template may say it, too.
func (r *run) mergesScrape(pod *corev1.Pod) bool {
	if on, err := strconv.ParseBool(pod.Annotations[mergeMetricsAnnotation]); err == nil {
		return on
	}
	if configured := r.Mesh.GetEnablePrometheusMerge(); configured != nil {
		return configured.GetValue()
	}
	return true
}
