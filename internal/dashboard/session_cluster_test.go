package dashboard_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

const patience = 30 * time.Second

// cluster is a real one as dashboards see it.
type cluster struct{ *kube.Cluster }

func (c cluster) Tunnel(ctx context.Context, pod object.Ref, port int) (dashboard.Tunnel, error) {
	tunnel, err := c.Cluster.Tunnel(ctx, pod, port)
	if err != nil {
		return nil, err
	}
	return tunnel, nil
}

// stage is a namespace in which a dashboard may be installed.
type stage struct {
	cluster   cluster
	namespace string
	dashboard dashboard.Dashboard
	// big answers below /big, if there is one.
	big *atomic.Pointer[http.HandlerFunc]
}

// setting makes a namespace. The pages of its pods come from this process.
func setting(t *testing.T) stage {
	t.Helper()
	if os.Getenv("MESHCTL_E2E_KUBECONFIG") != "" {
		t.Skip("only pods of the lab can lead to a server of the test")
	}
	s := stage{cluster: cluster{kubetest.Cluster(t)}, dashboard: dashboard.All()[0], big: new(atomic.Pointer[http.HandlerFunc])}
	s.namespace = kubetest.Namespace(t, s.cluster.Cluster)
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if big := s.big.Load(); big != nil && strings.HasPrefix(r.URL.Path, "/big") {
			(*big)(w, r)
			return
		}
		fmt.Fprint(w, "pages of "+s.namespace+r.URL.Path)
	}))
	t.Cleanup(pages.Close)
	_, port, err := net.SplitHostPort(pages.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	kubetest.Apply(t, s.cluster.Cluster, `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterPortForward
metadata: {name: `+s.namespace+`}
spec:
  selector: {matchNamespaces: [`+s.namespace+`]}
  forwards:
  - ports: [3000]
    target: {address: 127.0.0.1, port: `+port+`}
`)
	return s
}

// install brings a Service and pods that may have a way to fail.
func (s stage) install(t *testing.T, fail string) {
	t.Helper()
	kubetest.Apply(t, s.cluster.Cluster, `
apiVersion: v1
kind: Service
metadata: {name: my-grafana, namespace: `+s.namespace+`, labels: {app.kubernetes.io/name: grafana}}
spec:
  selector: {app: pages}
  ports:
  - {name: metrics, port: 9100}
  - {name: pages, port: 80, targetPort: pages}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: pages, namespace: `+s.namespace+`}
spec:
  selector: {matchLabels: {app: pages}}
  template:
    metadata:
      labels: {app: pages}
      annotations: {lab.meshctl.dev/fail: `+fail+`}
    spec:
      containers:
      - name: grafana
        image: example.com/grafana
        ports:
        - {name: pages, containerPort: 3000}
`)
}

// open opens the dashboard as soon as it is ready.
func (s stage) open(t *testing.T, options dashboard.Options) *dashboard.Session {
	t.Helper()
	options.Namespace = s.namespace
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		session, err := dashboard.Open(t.Context(), s.dashboard, options, s.cluster)
		if _, ok := errors.AsType[*dashboard.NotReadyError](err); ok && time.Now().Before(deadline) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return session
	}
}

func get(url string) (string, error) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func (s stage) expectPages(t *testing.T, url string) {
	t.Helper()
	text, err := get(url + "/home")
	if err != nil {
		t.Fatal(err)
	}
	if want := "pages of " + s.namespace + "/home"; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
}

func TestOpen_BringsPagesToALocalPort(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	session := s.open(t, dashboard.Options{})
	if want := "http://localhost:" + strconv.Itoa(session.Port); session.URL != want {
		t.Errorf("URL %s, want %s", session.URL, want)
	}
	if session.RemotePort != 3000 {
		t.Errorf("remote port %d, want the container's", session.RemotePort)
	}
	s.expectPages(t, session.URL)
}

func TestOpen_PassesOverPodsThatAreNotReady(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	kubetest.Apply(t, s.cluster.Cluster, `
apiVersion: v1
kind: Pod
metadata:
  name: a-pod-that-is-first
  namespace: `+s.namespace+`
  labels: {app: pages}
  annotations: {lab.meshctl.dev/fail: not-ready}
spec:
  containers: [{name: grafana, image: example.com/grafana}]
`)
	session := s.open(t, dashboard.Options{})
	if !strings.HasPrefix(session.Pod.Name, "pages-") {
		t.Errorf("took %s", session.Pod)
	}
}

func TestOpen_TakesAnotherPortWhereTheUsualOneIsTaken(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	taken, err := net.Listen("tcp", "127.0.0.1:3000")
	if err != nil {
		t.Logf("3000 is taken already: %v", err)
	} else {
		defer taken.Close()
	}
	session := s.open(t, dashboard.Options{Address: "127.0.0.1"})
	if session.Port == 3000 || !strings.HasPrefix(session.URL, "http://127.0.0.1:") {
		t.Errorf("URL %s", session.URL)
	}
	s.expectPages(t, session.URL)

	_, err = dashboard.Open(t.Context(), s.dashboard, dashboard.Options{Namespace: s.namespace, Port: session.Port}, s.cluster)
	if inUse, ok := errors.AsType[*dashboard.PortInUseError](err); !ok || inUse.Port != session.Port {
		t.Errorf("error %v, want that the port is in use", err)
	}
}

func TestWait_MovesToThePodThatReplacesALostOne(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	events := make(chan dashboard.Event, 10)
	session := s.open(t, dashboard.Options{Notify: func(event dashboard.Event) { events <- event }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- session.Wait(ctx) }()
	s.expectPages(t, session.URL)

	if err := s.cluster.Delete(t.Context(), session.Pod); err != nil {
		t.Fatal(err)
	}
	lost, restored := expectEvent(t, events), expectEvent(t, events)
	if lost.State != dashboard.Lost || lost.Pod != session.Pod || lost.Cause == nil {
		t.Errorf("first event %+v, want the loss of %s", lost, session.Pod)
	}
	if restored.State != dashboard.Restored || restored.Pod == session.Pod {
		t.Errorf("second event %+v, want a pod other than %s", restored, session.Pod)
	}
	s.expectPages(t, session.URL)

	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Wait ended with %v, want nil", err)
	}
	if _, err := get(session.URL); err == nil {
		t.Error("the port still answers after the end")
	}
}

func TestWait_HoldsConnectionsThatComeWhileThereIsNoPod(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	events := make(chan dashboard.Event, 10)
	session := s.open(t, dashboard.Options{Notify: func(event dashboard.Event) { events <- event }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- session.Wait(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Log(err)
		}
	}()
	deployment := object.Ref{Group: "apps", Kind: "Deployment", Namespace: s.namespace, Name: "pages"}
	if err := s.cluster.Delete(t.Context(), deployment); err != nil {
		t.Fatal(err)
	}
	if lost := expectEvent(t, events); lost.State != dashboard.Lost {
		t.Fatalf("first event %+v, want a loss", lost)
	}
	if err := s.cluster.Until(t.Context(), session.Pod, func(live *object.Object) bool { return live == nil }); err != nil {
		t.Fatal(err)
	}
	// It is held until the next pod is there: it may take longer than a client of the other tests waits.
	answer := make(chan error, 1)
	go func() {
		client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
		response, err := client.Get(session.URL)
		if err == nil {
			_ = response.Body.Close()
		}
		answer <- err
	}()
	s.install(t, "none")
	if err := <-answer; err != nil {
		t.Errorf("the connection was not held: %v", err)
	}
}

func TestOpen_SaysThatAReadyPodDoesNotAnswer(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	s.open(t, dashboard.Options{}).Close() // once it is ready
	_, err := dashboard.Open(t.Context(), s.dashboard, dashboard.Options{Namespace: s.namespace, RemotePort: 9100}, s.cluster)
	if silent, ok := errors.AsType[*dashboard.SilentError](err); !ok || silent.Port != 9100 {
		t.Errorf("error %v, want that port 9100 leads nowhere", err)
	}
}

func TestWait_GivesUpWhenNoPodComes(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	session := s.open(t, dashboard.Options{Patience: time.Second})
	deployment := object.Ref{Group: "apps", Kind: "Deployment", Namespace: s.namespace, Name: "pages"}
	if err := s.cluster.Delete(t.Context(), deployment); err != nil {
		t.Fatal(err)
	}
	err := session.Wait(t.Context())
	if notReady, ok := errors.AsType[*dashboard.NotReadyError](err); !ok || !strings.HasSuffix(notReady.Of, "/my-grafana") {
		t.Errorf("error %v, want that Service my-grafana has no pods", err)
	}
}

func TestOpen_SaysWhereElseItIsInstalled(t *testing.T) {
	s := setting(t)
	s.install(t, "none")
	_, err := dashboard.Open(t.Context(), s.dashboard, dashboard.Options{Namespace: "default"}, s.cluster)
	missing, ok := errors.AsType[*dashboard.NotInstalledError](err)
	if !ok || missing.Namespace != "default" || !strings.Contains(strings.Join(missing.Elsewhere, " "), s.namespace) {
		t.Errorf("error %+v, want that it is in %s", err, s.namespace)
	}
}

func TestOpen_SaysWhyNoPodIsReady(t *testing.T) {
	for fail, want := range map[string]string{
		"image-pull": "example.com/grafana",
		"not-ready":  "not ready",
		"crash":      "CrashLoopBackOff",
		"pending":    "ContainerCreating",
	} {
		t.Run(fail, func(t *testing.T) {
			s := setting(t)
			s.install(t, fail)
			for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
				_, err := dashboard.Open(t.Context(), s.dashboard, dashboard.Options{Namespace: s.namespace}, s.cluster)
				notReady, ok := errors.AsType[*dashboard.NotReadyError](err)
				if !ok {
					t.Fatalf("error %v, want that it is not ready", err)
				}
				if len(notReady.Pods) == 1 && strings.Contains(notReady.Pods[0].Reason, want) {
					return
				}
				if time.Now().After(deadline) {
					t.Fatalf("error %v, want a pod with %q", err, want)
				}
			}
		})
	}
}

func expectEvent(t *testing.T, events <-chan dashboard.Event) dashboard.Event {
	t.Helper()
	select {
	case event := <-events:
		return event
	case <-time.After(patience):
		t.Fatal("nothing happened")
		return dashboard.Event{}
	}
}
