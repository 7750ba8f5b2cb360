package kube_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

// forwardedPod is a pod of the lab whose port 8080 leads to a server of the test.
func forwardedPod(t *testing.T, handler http.HandlerFunc) kube.ForwardOptions {
	t.Helper()
	if os.Getenv("MESHCTL_E2E_KUBECONFIG") != "" {
		t.Skip("only pods of the lab can lead to a server of the test")
	}
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	pod := kubetest.Apply(t, cluster, `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterPortForward
metadata: {name: `+namespace+`}
spec:
  selector: {matchNamespaces: [`+namespace+`]}
  forwards:
  - ports: [8080]
    target: {address: 127.0.0.1, port: `+port+`}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: `+namespace+`}
spec:
  containers: [{name: web, image: example.com/web}]
`)[1].Ref()
	if err := cluster.Await(t.Context(), []object.Ref{pod}, func(object.Health) {}); err != nil {
		t.Fatal(err)
	}
	return kube.ForwardOptions{Namespace: namespace, Pod: "web", RemotePort: 8080}
}

func hello(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }

func fetch(address net.Addr) (string, error) {
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + address.String())
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func forward(t *testing.T, cluster *kube.Cluster, options kube.ForwardOptions) *kube.Forward {
	t.Helper()
	f, err := cluster.Forward(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func ends(t *testing.T, f *kube.Forward) error {
	t.Helper()
	select {
	case <-f.Done():
		return f.Err()
	case <-time.After(10 * time.Second):
		t.Fatal("it does not end")
		return nil
	}
}

func TestForward_CarriesManyConnectionsAndMuchData(t *testing.T) {
	page := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	options := forwardedPod(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	f := forward(t, kubetest.Cluster(t), options)
	results := make(chan error)
	for range 20 {
		go func() {
			text, err := fetch(f.LocalAddr())
			if err == nil && text != string(page) {
				err = fmt.Errorf("got %d bytes, want %d", len(text), len(page))
			}
			results <- err
		}()
	}
	for range 20 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if err := f.Err(); err != nil {
		t.Errorf("it ended: %v", err)
	}
}

func TestForward_EndsWithItsContextAndByClose(t *testing.T) {
	options := forwardedPod(t, hello)
	cluster := kubetest.Cluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	f, err := cluster.Forward(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := ends(t, f); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want the context's error", err)
	}
	options.LocalPort = f.LocalAddr().(*net.TCPAddr).Port // which is free again
	again := forward(t, cluster, options)
	if text, err := fetch(again.LocalAddr()); text != "hello" {
		t.Errorf("got %q, %v", text, err)
	}
	again.Close()
	again.Close()
	if err := ends(t, again); err != nil {
		t.Errorf("ended with %v, want nil after Close", err)
	}
	if _, err := fetch(again.LocalAddr()); err == nil {
		t.Error("it still answers")
	}
}

func TestForward_IsLostWhenNobodyListensOnThePort(t *testing.T) {
	options := forwardedPod(t, hello)
	options.RemotePort = 8081
	f := forward(t, kubetest.Cluster(t), options)
	if text, err := fetch(f.LocalAddr()); err == nil {
		t.Errorf("got %q", text)
	}
	lost, ok := errors.AsType[*kube.LostError](ends(t, f))
	if !ok || lost.Pod.Name != "web" || lost.Port != 8081 {
		t.Errorf("ended with %v, want that port 8081 of the pod is lost", f.Err())
	}
}

func TestForward_SurvivesConnectionsThatEndEarly(t *testing.T) {
	options := forwardedPod(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", 1<<20))
	})
	f := forward(t, kubetest.Cluster(t), options)
	for range 5 {
		local, err := net.Dial("tcp", f.LocalAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(local, "GET / HTTP/1.0\r\n\r\n")
		_, _ = local.Read(make([]byte, 100))
		_ = local.(*net.TCPConn).SetLinger(0) // Close resets
		_ = local.Close()
	}
	if text, err := fetch(f.LocalAddr()); len(text) != 1<<20 {
		t.Errorf("got %d bytes, %v", len(text), err)
	}
}

func TestForward_SaysWhatIsInItsWay(t *testing.T) {
	options := forwardedPod(t, hello)
	taken := forward(t, kubetest.Cluster(t), options).LocalAddr().(*net.TCPAddr).Port

	t.Run("port in use", func(t *testing.T) {
		options := options
		options.LocalPort = taken
		_, err := kubetest.Cluster(t).Forward(t.Context(), options)
		if inUse, ok := errors.AsType[*kube.PortInUseError](err); !ok || inUse.Port != taken {
			t.Errorf("error %v", err)
		}
		options.AnyPort = true
		other := forward(t, kubetest.Cluster(t), options)
		if text, err := fetch(other.LocalAddr()); text != "hello" {
			t.Errorf("got %q, %v from %s", text, err, other.LocalAddr())
		}
	})
	t.Run("no such pod", func(t *testing.T) {
		options := options
		options.Pod = "gone"
		_, err := kubetest.Cluster(t).Forward(t.Context(), options)
		if missing, ok := errors.AsType[*kube.NotFoundError](err); !ok || missing.Ref.Name != "gone" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no right", func(t *testing.T) {
		_, err := kubetest.Connect(t, kube.Options{As: "ann"}).Forward(t.Context(), options)
		if forbidden, ok := errors.AsType[*kube.ForbiddenError](err); !ok || forbidden.User != "ann" || forbidden.Resource != "pods/portforward" {
			t.Errorf("error %#v", err)
		}
	})
	t.Run("bad address", func(t *testing.T) {
		options := options
		options.Address = "192.0.2.1" // of no machine
		if _, err := kubetest.Cluster(t).Forward(t.Context(), options); err == nil {
			t.Error("no error")
		}
	})
}

func TestForward_FallsBackToSPDYWhereWebsocketDoesNotPass(t *testing.T) {
	options := forwardedPod(t, hello)
	var refused atomic.Int32
	proxied := behindProxy(t, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			refused.Add(1)
			http.Error(w, "no websockets here", http.StatusForbidden)
			return true
		}
		return false
	})
	f := forward(t, proxied, options)
	if text, err := fetch(f.LocalAddr()); text != "hello" {
		t.Errorf("got %q, %v", text, err)
	}
	if refused.Load() == 0 {
		t.Error("websocket was not tried")
	}
}

func TestForward_GivesUpWhenTheServerIsSilent(t *testing.T) {
	options := forwardedPod(t, hello)
	over := make(chan struct{})
	proxied := behindProxy(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/portforward") {
			<-over
			return true
		}
		return false
	})
	t.Cleanup(func() { close(over) })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := proxied.Forward(ctx, options); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// behindProxy reaches the cluster through a server that may answer itself.
func behindProxy(t *testing.T, answers func(http.ResponseWriter, *http.Request) bool) *kube.Cluster {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubetest.Kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	config.NextProtos = []string{"http/1.1"} // upgrades do not exist in HTTP/2
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(config.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: transport,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answers(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	text := `{apiVersion: v1, kind: Config, current-context: p, contexts: [{name: p, context: {cluster: p, user: p}}], ` +
		`users: [{name: p, user: {}}], clusters: [{name: p, cluster: {server: ` + strconv.Quote(server.URL) + `}}]}`
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return kubetest.Connect(t, kube.Options{Kubeconfig: kubeconfig})
}
