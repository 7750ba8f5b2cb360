package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
)

const goodImage = "example.com/team/app:1.2"

// TestCluster goes through what meshctl's tests rely on, all in one lab.
func TestCluster(t *testing.T) {
	l := startLab(t)
	t.Run("version", l.testVersion)
	t.Run("nodes", l.testNodes)
	t.Run("deployment", l.testDeployment)
	t.Run("failures", l.testFailures)
	t.Run("unschedulable", l.testUnschedulable)
	t.Run("job", l.testJob)
	t.Run("forward", l.testForward)
	t.Run("logs", l.testLogs)
	t.Run("webhook", l.testWebhook)
}

func (l *lab) testVersion(t *testing.T) {
	version, err := l.client.Discovery().ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	if version.GitVersion != "v1.36.3" || version.Major != "1" || version.Minor != "36" {
		t.Errorf("version = %+v", version)
	}
}

func (l *lab) testNodes(t *testing.T) {
	nodes, err := l.client.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(nodes.Items) != 3 {
		t.Fatalf("%d nodes, want 3", len(nodes.Items))
	}
	n := nodes.Items[0]
	if n.Status.NodeInfo.KubeletVersion != "v1.36.3" || n.Status.Capacity.Cpu().Value() != 8 || n.Labels["topology.kubernetes.io/zone"] == "" {
		t.Errorf("node = %+v", n)
	}
}

func (l *lab) testDeployment(t *testing.T) {
	begin := time.Now()
	l.deploy(t, "good", nil)
	eventually(t, func(ctx context.Context) error {
		d, err := l.client.AppsV1().Deployments("default").Get(ctx, "good", metav1.GetOptions{})
		if err != nil {
			return err
		}
		for _, c := range d.Status.Conditions {
			if c.Type == appsv1.DeploymentAvailable && c.Status == corev1.ConditionTrue {
				return nil
			}
		}
		return fmt.Errorf("not Available: %+v", d.Status)
	})
	t.Logf("Available after %s", time.Since(begin).Round(time.Millisecond))
	p, err := l.pod(t.Context(), "good")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.Status.PodIP, "10.244.") || p.Status.HostIP != "127.0.0.1" || p.Status.Phase != corev1.PodRunning {
		t.Errorf("status = %+v", p.Status)
	}
	for _, s := range p.Status.InitContainerStatuses {
		if !s.Ready {
			t.Errorf("init container %s is not done: %+v", s.Name, s)
		}
	}
}

func (l *lab) testUnschedulable(t *testing.T) {
	l.deploy(t, "picky", func(pod *corev1.PodTemplateSpec) {
		pod.Spec.NodeSelector = map[string]string{"no": "such-node"}
	})
	eventually(t, func(ctx context.Context) error {
		p, err := l.pod(ctx, "picky")
		if err != nil {
			return err
		}
		for _, c := range p.Status.Conditions {
			if c.Type == corev1.PodScheduled && c.Reason == corev1.PodReasonUnschedulable {
				return nil
			}
		}
		return fmt.Errorf("not unschedulable: %+v", p.Status)
	})
}

func (l *lab) testJob(t *testing.T) {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "once"}, Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{
		Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "app", Image: goodImage}}},
	}}}
	if _, err := l.client.BatchV1().Jobs("default").Create(t.Context(), job, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) error {
		j, err := l.client.BatchV1().Jobs("default").Get(ctx, "once", metav1.GetOptions{})
		if err == nil && j.Status.Succeeded != 1 {
			err = fmt.Errorf("not complete: %+v", j.Status)
		}
		return err
	})
}

func (l *lab) testForward(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "a real process")
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	l.run(t, "", "forward", "-l", "app=good", "15014="+address, "8080="+address)
	l.run(t, "", "forward", "9090="+address)
	if got := l.throughForward(t, "good", 8080); got != "a real process" {
		t.Errorf("answer through the pod's own rule = %q", got)
	}
	if got := l.throughForward(t, "not-ready", 9090); got != "a real process" {
		t.Errorf("answer through the namespace's rule = %q", got)
	}
}

func (l *lab) testLogs(t *testing.T) {
	l.run(t, "first line\nsecond line\n", "logs", "-l", "app=good", "-c", "app")
	p, err := l.pod(t.Context(), "good")
	if err != nil {
		t.Fatal(err)
	}
	content, err := l.client.CoreV1().Pods("default").GetLogs(p.Name, &corev1.PodLogOptions{Container: "app"}).DoRaw(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if string(content) != "first line\nsecond line\n" {
		t.Errorf("log = %q", content)
	}
}

// testWebhook is about the network that is not there: a service with endpoints is refused at once.
func (l *lab) testWebhook(t *testing.T) {
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "good"}, Spec: corev1.ServiceSpec{
		Selector: map[string]string{"app": "good"}, Ports: []corev1.ServicePort{{Port: 443}},
	}}
	if _, err := l.client.CoreV1().Services("default").Create(t.Context(), service, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	none := admissionv1.SideEffectClassNone
	hook := &admissionv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "unreachable"}, Webhooks: []admissionv1.ValidatingWebhook{{
		Name: "unreachable.lab.meshctl.dev", SideEffects: &none, AdmissionReviewVersions: []string{"v1"},
		ClientConfig: admissionv1.WebhookClientConfig{Service: &admissionv1.ServiceReference{Namespace: "default", Name: "good"}},
		Rules: []admissionv1.RuleWithOperations{{
			Operations: []admissionv1.OperationType{admissionv1.Create},
			Rule:       admissionv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"secrets"}},
		}},
	}}}
	if _, err := l.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().Create(t.Context(), hook, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) error {
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{GenerateName: "s-"}}
		_, err := l.client.CoreV1().Secrets("default").Create(ctx, secret, metav1.CreateOptions{})
		if err == nil {
			return errors.New("the webhook does not work yet")
		}
		if !strings.Contains(err.Error(), "502 Bad Gateway") {
			return fmt.Errorf("creating a secret: %w, want a refusal by the webhook's address", err)
		}
		return nil
	})
}

// throughForward asks for / on a port of a pod, by both protocols that clients use for port-forwards.
func (l *lab) throughForward(t *testing.T, app string, port int) string {
	t.Helper()
	p, err := l.pod(t.Context(), app)
	if err != nil {
		t.Fatal(err)
	}
	target := l.client.CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name(p.Name).SubResource("portforward").URL()
	transport, upgrader, err := spdy.RoundTripperFor(l.config)
	if err != nil {
		t.Fatal(err)
	}
	websocket, err := portforward.NewSPDYOverWebsocketDialer(target, l.config)
	if err != nil {
		t.Fatal(err)
	}
	local := []string{"127.0.0.1"}
	ports := []string{fmt.Sprintf("0:%d", port)}
	overSPDY := ask(t, func(stop, ready chan struct{}, said io.Writer) (*portforward.PortForwarder, error) {
		dialer := spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, target)
		return portforward.NewOnAddresses(dialer, local, ports, stop, ready, io.Discard, said)
	})
	overWebsocket := ask(t, func(stop, ready chan struct{}, said io.Writer) (*portforward.PortForwarder, error) {
		return portforward.NewOnAddresses(websocket, local, ports, stop, ready, io.Discard, said)
	})
	if overWebsocket != overSPDY {
		t.Errorf("over websocket: %q, over SPDY: %q", overWebsocket, overSPDY)
	}
	return overSPDY
}

// ask opens a port-forward and says what the process behind it answers.
func ask(t *testing.T, open func(stop, ready chan struct{}, said io.Writer) (*portforward.PortForwarder, error)) string {
	t.Helper()
	stop, ready := make(chan struct{}), make(chan struct{})
	defer close(stop)
	var said bytes.Buffer
	forwarder, err := open(stop, ready, &said)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- forwarder.ForwardPorts() }()
	select {
	case err := <-ended:
		t.Fatal(err)
	case <-ready:
	}
	ports, err := forwarder.GetPorts()
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", ports[0].Local))
	if err != nil {
		t.Fatalf("%v; port-forward says: %s", err, &said)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
