package cli

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/traffic"
)

// fakePrometheus has one request a second, and says how a query goes before it answers it.
func fakePrometheus(t *testing.T, before func(query int32) (ok bool)) string {
	t.Helper()
	var queries atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !before(queries.Add(1)) {
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		result := ""
		if strings.Contains(r.FormValue("query"), "istio_requests_total") {
			result = `{"metric":{"reporter":"source","destination_workload":"web","destination_workload_namespace":"shop","request_protocol":"http","response_code":"200"},"value":[1,"1"]}`
		}
		fmt.Fprintf(w, `{"status":"success","data":{"resultType":"vector","result":[%s]}}`, result)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func runTraffic(t *testing.T, args ...string) (code int, out, story string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(t.Context(), append([]string{"meshctl"}, args...), strings.NewReader(""), &stdout, &stderr, []string{"HOME=" + t.TempDir()})
	return code, stdout.String(), stderr.String()
}

func TestStat_SaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	url := fakePrometheus(t, func(int32) bool { time.Sleep(wondering + 500*time.Millisecond); return true })
	code, out, story := runTraffic(t, "stat", "--prometheus-url", url)
	if code != 0 || !strings.Contains(out, "web") || !strings.Contains(story, "Asking Prometheus") || !strings.Contains(story, "of 5 questions answered") {
		t.Errorf("exit %d\n%s%s", code, out, story)
	}
}

func TestStat_DoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	url := fakePrometheus(t, func(int32) bool { <-over; return true })
	defer close(over)
	code, _, story := runTraffic(t, "stat", "--prometheus-url", url, "--request-timeout", "1s")
	if code != exitPartial || !strings.Contains(story, "no answer in 1s") || !strings.Contains(story, "--request-timeout") {
		t.Errorf("exit %d\n%s", code, story)
	}
}

// A look takes five questions; those of the second one fail.
func TestTop_GoesOnWhilePrometheusDoesNot(t *testing.T) {
	t.Parallel()
	url := fakePrometheus(t, func(query int32) bool { return query <= 5 || query > 10 })
	code, out, story := runTraffic(t, "top", "--count", "6", "--interval", "100ms", "--prometheus-url", url)
	if code != 0 || strings.Count(out, "by rps") < 2 || !strings.Contains(story, "warning: asking Prometheus") {
		t.Errorf("exit %d\n%s%s", code, out, story)
	}
}

func TestTop_FailsAtOnceIfThereIsNoPrometheus(t *testing.T) {
	t.Parallel()
	url := fakePrometheus(t, func(int32) bool { return false })
	if code, out, _ := runTraffic(t, "top", "--prometheus-url", url); code != exitUnreachable || out != "" {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestReason_OfSilence(t *testing.T) {
	names := []string{"bookinfo", "shop"}
	for want, test := range map[string]struct {
		silence   traffic.Silence
		namespace string
	}{
		"reads no metrics at all":                              {silence: traffic.Silence{}},
		"reads no proxy; pods":                                 {silence: traffic.Silence{Targets: 3}},
		"reads 2 proxies, and none has carried":                {silence: traffic.Silence{Targets: 3, Proxies: 2}},
		"only once":                                            {silence: traffic.Silence{Targets: 3, Proxies: 2, Series: 4, Values: 1, Lately: 1}},
		"less than twice in 1m; try":                           {silence: traffic.Silence{Targets: 3, Proxies: 2, Series: 4, Values: 1, Lately: 10}},
		"knows no workload there; did you mean bookinfo?":      {namespace: "bookinf", silence: traffic.Silence{Series: 4, Values: 4, Lately: 40, Namespaces: names}},
		"knows no workload there, but in bookinfo, shop":       {namespace: "nowhere", silence: traffic.Silence{Series: 4, Values: 4, Lately: 40, Namespaces: names}},
		"there was some in the last hour":                      {namespace: "shop", silence: traffic.Silence{Series: 4, Values: 4, Lately: 40, Namespaces: names, Earlier: true}},
		"nor in the last hour, though Prometheus reads 1 prox": {silence: traffic.Silence{Series: 4, Values: 4, Lately: 40, Proxies: 1}},
	} {
		seen := look{Picture: traffic.Picture{Window: time.Minute}, options: traffic.Options{Namespace: test.namespace}}
		if got := seen.reason(test.silence); !strings.Contains(got, want) {
			t.Errorf("%+v: %q, want %q", test.silence, got, want)
		}
	}
}
