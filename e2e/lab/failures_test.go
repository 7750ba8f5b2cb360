package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// failure is a way to fail, and what kubectl would show of it.
type failure struct {
	app     string
	change  func(*corev1.PodTemplateSpec)
	check   func(*corev1.Pod) bool
	warning string // reason of the event
	message string // a piece of the event's message
}

func annotated(value string) func(*corev1.PodTemplateSpec) {
	return func(pod *corev1.PodTemplateSpec) {
		pod.Annotations = map[string]string{"lab.meshctl.dev/fail": value}
	}
}

func failures() []failure {
	return []failure{
		{app: "image-pull", change: annotated("image-pull"), warning: "Failed", message: goodImage + ": not found", check: func(p *corev1.Pod) bool {
			w := waiting(p.Status.ContainerStatuses)
			return p.Status.Phase == corev1.PodPending && w.Reason == "ImagePullBackOff" && strings.Contains(w.Message, goodImage)
		}},
		{app: "bad-hub", change: func(pod *corev1.PodTemplateSpec) {
			pod.Spec.Containers[0].Image = "registry.invalid/istio/pilot:1.30.3"
		}, warning: "BackOff", message: "registry.invalid/istio/pilot:1.30.3", check: func(p *corev1.Pod) bool {
			return waiting(p.Status.ContainerStatuses).Reason == "ImagePullBackOff" && p.Status.InitContainerStatuses[0].State.Terminated != nil
		}},
		{app: "bad-init", change: func(pod *corev1.PodTemplateSpec) {
			pod.Spec.InitContainers[0].Image = "registry.invalid/istio/proxyv2:1.30.3"
		}, warning: "BackOff", message: "proxyv2", check: func(p *corev1.Pod) bool {
			return waiting(p.Status.InitContainerStatuses).Reason == "ImagePullBackOff" && waiting(p.Status.ContainerStatuses).Reason == "PodInitializing"
		}},
		{app: "crash", change: annotated("crash"), warning: "BackOff", message: "Back-off restarting failed container app in pod crash-", check: func(p *corev1.Pod) bool {
			s := p.Status.ContainerStatuses[0]
			return waiting(p.Status.ContainerStatuses).Reason == "CrashLoopBackOff" && s.RestartCount >= 2 &&
				s.LastTerminationState.Terminated.ExitCode == 1 && s.LastTerminationState.Terminated.Reason == "Error"
		}},
		{app: "pending", change: annotated("pending"), warning: "FailedCreatePodSandBox", check: func(p *corev1.Pod) bool {
			return p.Status.Phase == corev1.PodPending && p.Spec.NodeName != "" && waiting(p.Status.ContainerStatuses).Reason == "ContainerCreating"
		}},
		{app: "not-ready", change: annotated("not-ready"), warning: "Unhealthy", message: "Readiness probe failed", check: func(p *corev1.Pod) bool {
			return p.Status.Phase == corev1.PodRunning && p.Status.ContainerStatuses[0].State.Running != nil && !p.Status.ContainerStatuses[0].Ready
		}},
	}
}

func (l *lab) testFailures(t *testing.T) {
	for _, f := range failures() {
		l.deploy(t, f.app, f.change)
	}
	for _, f := range failures() {
		t.Run(f.app, func(t *testing.T) {
			eventually(t, func(ctx context.Context) error {
				p, err := l.pod(ctx, f.app)
				if err != nil {
					return err
				}
				if len(p.Status.ContainerStatuses) == 0 || !f.check(p) {
					return fmt.Errorf("status = %+v", p.Status)
				}
				return l.warned(ctx, p, f)
			})
		})
	}
	t.Run("healed", l.testHealed)
}

// testHealed takes the annotation away from a living pod.
func (l *lab) testHealed(t *testing.T) {
	p, err := l.pod(t.Context(), "pending")
	if err != nil {
		t.Fatal(err)
	}
	delete(p.Annotations, "lab.meshctl.dev/fail")
	if _, err := l.client.CoreV1().Pods("default").Update(t.Context(), p, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) error {
		p, err := l.pod(ctx, "pending")
		if err == nil && !p.Status.ContainerStatuses[0].Ready {
			err = fmt.Errorf("not healed: %+v", p.Status)
		}
		return err
	})
}

func (l *lab) warned(ctx context.Context, p *corev1.Pod, f failure) error {
	events, err := l.client.CoreV1().Events("default").List(ctx, metav1.ListOptions{FieldSelector: "involvedObject.uid=" + string(p.UID)})
	if err != nil {
		return err
	}
	for _, e := range events.Items {
		if e.Type == corev1.EventTypeWarning && e.Reason == f.warning && strings.Contains(e.Message, f.message) {
			return nil
		}
	}
	return fmt.Errorf("no event %s for %s among %d", f.warning, p.Name, len(events.Items))
}

func waiting(statuses []corev1.ContainerStatus) corev1.ContainerStateWaiting {
	for _, s := range statuses {
		if s.State.Waiting != nil {
			return *s.State.Waiting
		}
	}
	return corev1.ContainerStateWaiting{}
}

// deploy creates a Deployment of one pod that looks like one with a sidecar.
func (l *lab) deploy(t *testing.T, app string, change func(*corev1.PodTemplateSpec)) {
	t.Helper()
	always := corev1.ContainerRestartPolicyAlways
	labels := map[string]string{"app": app}
	pod := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{
		InitContainers: []corev1.Container{{Name: "init", Image: goodImage}, {Name: "sidecar", Image: goodImage, RestartPolicy: &always}},
		Containers:     []corev1.Container{{Name: "app", Image: goodImage}},
	}}
	if change != nil {
		change(&pod)
	}
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: app}, Spec: appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: pod,
	}}
	if _, err := l.client.AppsV1().Deployments("default").Create(t.Context(), d, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

func (l *lab) pod(ctx context.Context, app string) (*corev1.Pod, error) {
	pods, err := l.client.CoreV1().Pods("default").List(ctx, metav1.ListOptions{LabelSelector: "app=" + app})
	if err != nil {
		return nil, err
	}
	if len(pods.Items) != 1 {
		return nil, fmt.Errorf("%d pods of %s", len(pods.Items), app)
	}
	return &pods.Items[0], nil
}
