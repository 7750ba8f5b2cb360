package kube_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
)

// door stands before the API server, counts those who pass and may be shut.
type door struct {
	*httptest.Server
	mu     sync.Mutex
	passed []string
	// trouble answers a request in place of the API server if it returns true.
	trouble func(http.ResponseWriter, *http.Request) bool
	// inside lets a request through.
	inside http.Handler
}

func newDoor(t *testing.T) *door {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubetest.Kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	behind, err := url.Parse(config.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(behind) },
		Transport:     transport,
		FlushInterval: -1,
	}
	d := &door{inside: proxy}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.passed = append(d.passed, r.Method+" "+r.URL.Path)
		trouble := d.trouble
		d.mu.Unlock()
		if trouble == nil || !trouble(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() {
		d.CloseClientConnections()
		d.Close()
	})
	return d
}

// cause sets the trouble at the door.
func (d *door) cause(trouble func(http.ResponseWriter, *http.Request) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble = trouble
}

// count is how many requests had a text in their method and path.
func (d *door) count(text string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, request := range d.passed {
		if strings.Contains(request, text) {
			n++
		}
	}
	return n
}

// through connects to the cluster behind the door.
func (d *door) through(t *testing.T, options kube.Options) *kube.Cluster {
	t.Helper()
	options.Kubeconfig = kubeconfigFor(t, clientcmdapi.Cluster{Server: d.URL})
	return kubetest.Connect(t, options)
}

// kubeconfigFor writes a kubeconfig with one context, "test".
func kubeconfigFor(t *testing.T, cluster clientcmdapi.Cluster) string {
	t.Helper()
	config := clientcmdapi.NewConfig()
	config.Clusters["test"] = &cluster
	config.AuthInfos["test"] = &clientcmdapi.AuthInfo{}
	config.Contexts["test"] = &clientcmdapi.Context{Cluster: "test", AuthInfo: "test"}
	config.CurrentContext = "test"
	return writeConfig(t, config)
}

func writeConfig(t *testing.T, config *clientcmdapi.Config) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return path
}
