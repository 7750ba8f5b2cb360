package kube_test

import (
	"bufio"
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
func forwardedPod(t *testing.T, handler http.HandlerFunc) object.Ref {
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
	return pod
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

// dig opens a tunnel to port 8080 and a local port that leads into it.
func dig(t *testing.T, cluster *kube.Cluster, pod object.Ref) (*kube.Tunnel, net.Addr) {
	t.Helper()
	tunnel, err := cluster.Tunnel(t.Context(), pod, 8080)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tunnel.Close)
	return tunnel, entrance(t, tunnel)
}

func entrance(t *testing.T, tunnel *kube.Tunnel) net.Addr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			local, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				if tunnel.Carry(local) != nil {
					_ = local.Close()
				}
			}()
		}
	}()
	return listener.Addr()
}

func ends(t *testing.T, tunnel *kube.Tunnel) error {
	t.Helper()
	select {
	case <-tunnel.Done():
		return tunnel.Err()
	case <-time.After(10 * time.Second):
		t.Fatal("it does not end")
		return nil
	}
}

func TestTunnel_CarriesManyConnectionsAndMuchData(t *testing.T) {
	page := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	pod := forwardedPod(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	tunnel, address := dig(t, kubetest.Cluster(t), pod)
	results := make(chan error)
	for range 20 {
		go func() {
			text, err := fetch(address)
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
	if err := tunnel.Err(); err != nil {
		t.Errorf("it ended: %v", err)
	}
}

func TestTunnel_EndsWithItsContextAndByClose(t *testing.T) {
	pod := forwardedPod(t, hello)
	cluster := kubetest.Cluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	tunnel, err := cluster.Tunnel(ctx, pod, 8080)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := ends(t, tunnel); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want the context's error", err)
	}
	again, address := dig(t, cluster, pod)
	if text, err := fetch(address); text != "hello" {
		t.Errorf("got %q, %v", text, err)
	}
	again.Close()
	again.Close()
	if err := ends(t, again); err != nil {
		t.Errorf("ended with %v, want nil after Close", err)
	}
	if _, err := fetch(address); err == nil {
		t.Error("it still answers")
	}
}

func TestTunnel_LeavesAConnectionAloneThatItCannotCarry(t *testing.T) {
	pod := forwardedPod(t, hello)
	cluster := kubetest.Cluster(t)
	over, _ := dig(t, cluster, pod)
	over.Close()
	here, there := net.Pipe()
	if over.Carry(there) == nil {
		t.Fatal("a tunnel that has ended carried a connection")
	}
	next, _ := dig(t, cluster, pod)
	go func() { _ = next.Carry(there) }()
	defer here.Close()
	fmt.Fprint(here, "GET / HTTP/1.1\r\nHost: web\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(here), nil)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(response.Body); string(text) != "hello" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestTunnel_IsLostWhenNobodyListensOnThePort(t *testing.T) {
	pod := forwardedPod(t, hello)
	tunnel, err := kubetest.Cluster(t).Tunnel(t.Context(), pod, 8081)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := fetch(entrance(t, tunnel)); err == nil {
		t.Errorf("got %q", text)
	}
	lost, ok := errors.AsType[*kube.LostError](ends(t, tunnel))
	if !ok || lost.Pod.Name != "web" || lost.Port != 8081 {
		t.Errorf("ended with %v, want that port 8081 of the pod is lost", tunnel.Err())
	}
}

func TestTunnel_SurvivesConnectionsThatEndEarly(t *testing.T) {
	pod := forwardedPod(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", 1<<20))
	})
	_, address := dig(t, kubetest.Cluster(t), pod)
	for range 5 {
		local, err := net.Dial("tcp", address.String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(local, "GET / HTTP/1.0\r\n\r\n")
		_, _ = local.Read(make([]byte, 100))
		_ = local.(*net.TCPConn).SetLinger(0) // Close resets
		_ = local.Close()
	}
	if text, err := fetch(address); len(text) != 1<<20 {
		t.Errorf("got %d bytes, %v", len(text), err)
	}
}

func TestTunnel_SaysWhatIsInItsWay(t *testing.T) {
	pod := forwardedPod(t, hello)
	t.Run("no such pod", func(t *testing.T) {
		other := pod
		other.Name = "gone"
		_, err := kubetest.Cluster(t).Tunnel(t.Context(), other, 8080)
		if missing, ok := errors.AsType[*kube.NotFoundError](err); !ok || missing.Ref.Name != "gone" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no right", func(t *testing.T) {
		_, err := kubetest.Connect(t, kube.Options{As: "ann"}).Tunnel(t.Context(), pod, 8080)
		if forbidden, ok := errors.AsType[*kube.ForbiddenError](err); !ok || forbidden.User != "ann" || forbidden.Resource != "pods/portforward" {
			t.Errorf("error %#v", err)
		}
	})
}

func TestUntil_SeesAnObjectChangeAndGo(t *testing.T) {
	pod := forwardedPod(t, hello)
	cluster := kubetest.Cluster(t)
	seen := make(chan bool, 100)
	ended := make(chan error, 1)
	go func() {
		ended <- cluster.Until(t.Context(), pod, func(live *object.Object) bool {
			seen <- live != nil
			return live == nil
		})
	}()
	if !<-seen {
		t.Fatal("the pod is there")
	}
	if err := cluster.Delete(t.Context(), pod); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTunnel_FallsBackToSPDYWhereWebsocketDoesNotPass(t *testing.T) {
	pod := forwardedPod(t, hello)
	var refused atomic.Int32
	proxied := behindProxy(t, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			refused.Add(1)
			http.Error(w, "no websockets here", http.StatusForbidden)
			return true
		}
		return false
	})
	_, address := dig(t, proxied, pod)
	if text, err := fetch(address); text != "hello" {
		t.Errorf("got %q, %v", text, err)
	}
	if refused.Load() == 0 {
		t.Error("websocket was not tried")
	}
}

func TestTunnel_GivesUpWhenTheServerIsSilent(t *testing.T) {
	pod := forwardedPod(t, hello)
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
	if _, err := proxied.Tunnel(ctx, pod, 8080); !errors.Is(err, context.DeadlineExceeded) {
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
