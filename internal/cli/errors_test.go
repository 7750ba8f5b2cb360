package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/apply"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// Commands reach most of these codes in scripts too; here are all of them, and
// which one wins where an error wraps another.
func TestReport_GivesCodeAndHint(t *testing.T) {
	forbidden := &kube.ForbiddenError{User: "ann", Verb: "create", Group: "apps", Resource: "deployments", Namespace: "mesh", Err: errors.New("403")}
	tests := []struct {
		name string
		err  error
		code int
		hint string // a part of what is said about it
	}{
		{"nothing", nil, 0, ""},
		{"anything", errors.New("boom"), 1, "meshctl: boom"},
		{"differences", errDifferences, 1, ""},
		{"partial", errPartial, 2, ""},
		{"deadline", fmt.Errorf("listing: %w", context.DeadlineExceeded), 2, "--request-timeout"},
		{"usage", &UsageError{Command: "meshctl install", Near: []string{"--set", "--yes"}, Err: errors.New("what?")}, 64, "hint: did you mean --set or --yes?\n  hint: see 'meshctl install --help'"},
		{"question", &ui.NotTerminalError{Stream: "stdin", Question: "sure?"}, 64, "hint: --yes answers"},
		{"bad --set", &profiles.InputError{Place: profiles.Origin{Kind: profiles.FromSet}, Problem: "odd", Hint: "even"}, 64, "hint: even"},
		{"bad file", &profiles.InputError{Place: profiles.Origin{Kind: profiles.FromFile, Name: "mesh.yaml"}, Problem: "odd"}, 65, "mesh.yaml"},
		{"profile of a flag", &profiles.UnknownProfileError{Name: "dmo", Near: []string{"demo"}, Place: profiles.Origin{Kind: profiles.FromSet}}, 64, "did you mean demo?"},
		{"profile of a file", &profiles.UnknownProfileError{Name: "x", Known: []string{"demo", "minimal"}}, 65, "the profiles are demo, minimal"},
		{"file", &InputFileError{File: "mesh.yaml", Err: fs.ErrNotExist}, 65, "reading mesh.yaml"},
		{"syntax", &object.SyntaxError{Err: errors.New("tab")}, 65, "tab"},
		{"k8s setting", &render.SettingsError{Component: "Pilot", Setting: "env", Err: errors.New("list")}, 65, "k8s.env"},
		{"chart", &render.ChartError{Chart: "istiod", Err: errors.New("nil")}, 65, "hint: a value"},
		{"no kubeconfig", &kube.ConfigError{Err: errors.New("none")}, 69, "oci ce cluster create-kubeconfig"},
		{"no current context", &kube.ConfigError{Known: []string{"a"}, Err: errors.New("none")}, 69, "--context chooses one"},
		{"context", &kube.ConfigError{Context: "prod", Known: []string{"production"}}, 69, "did you mean production?"},
		{"unreachable in time", &kube.UnreachableError{Context: "c", Obstacle: kube.Timeout, Err: context.DeadlineExceeded}, 69, "kubectl --context c cluster-info"},
		{"in a pod", &kube.UnreachableError{Context: "in-cluster", Obstacle: kube.Network}, 69, "to compare: kubectl cluster-info"},
		{"certificate", &kube.UnreachableError{Obstacle: kube.Certificate}, 69, "fetch the kubeconfig again"},
		{"login", &kube.UnreachableError{Obstacle: kube.Credentials, Cause: "rejected"}, 69, "log in"},
		{"other plugin", &kube.UnreachableError{Obstacle: kube.Credentials, Cause: "getting credentials: exec: executable aws not found"}, 69, "program aws: install it"},
		{"forbidden", forbidden, 77, "kubectl auth can-i create deployments.apps -n mesh"},
		{"rights", &install.RightsError{Denied: []object.Access{{Verb: "list", Resource: "secrets"}}}, 77, "kubectl auth can-i list secrets --all-namespaces"},
		{"setting", &SettingError{Place: "c.yaml:3", Problem: "no", Unknown: true}, 78, "config view --all"},
		{"findings", errFindings, 79, ""},
		{"unhealthy", &apply.UnhealthyError{NotApplied: []string{"Gateways"}}, 80, "meshctl status"},
		{"conflicts", &install.ConflictsError{Steps: []plan.Step{{Object: thing(), Conflicts: []object.Conflict{{Manager: "helm", Field: "spec"}}}}}, 81, "--force-conflicts takes these fields over from helm"},
		{"in use", &install.InUseError{}, 81, "--force"},
		{"outdated", &install.OutdatedPlanError{Release: "istio"}, 81, "run the command again"},
		{"not installed", &install.NotInstalledError{Namespace: "mesh"}, 1, "helm list"},
		{"denied", &kube.DeniedError{By: "gatekeeper"}, 1, "whoever runs gatekeeper"},
		{"webhook", &kube.WebhookError{Webhook: "hook.example"}, 1, "grep hook.example"},
		{"istio kind", &kube.UnknownKindError{Group: "networking.istio.io", Kind: "Gateway"}, 1, "meshctl install"},
		{"kind", &kube.UnknownKindError{Group: "example.com", Kind: "Thing"}, 1, "CRD"},
		{"namespace", &kube.MissingNamespaceError{Namespace: "shop"}, 1, "kubectl create namespace shop"},
		{"group", &kube.GroupUnavailableError{Group: "metrics.k8s.io", Err: errors.New("503")}, 1, "kubectl get apiservices"},
		{"lock", &kube.LockLostError{Err: errors.New("taken")}, 1, "meshctl status"},
		// Something was changed already, so this is no longer a refusal; the hint still holds.
		{"forbidden midway", &apply.StepError{Step: plan.Step{Object: thing()}, Err: forbidden}, 1, "kubectl auth can-i"},
		{"wrapped", fmt.Errorf("planning: %w", forbidden), 77, "meshctl: planning: user"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			streams, out, stderr := ui.Test(ui.Device{})
			if code := report(t.Context(), &Env{IO: streams}, test.err); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if out.Len() > 0 {
				t.Errorf("stdout is for answers, and has %q", out)
			}
			if !strings.Contains(stderr.String(), test.hint) || (test.hint == "") != (stderr.Len() == 0) {
				t.Errorf("stderr has no %q:\n%s", test.hint, stderr)
			}
		})
	}
}

func thing() object.Object {
	return object.New(map[string]any{"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": "thing"}}, object.Source{})
}

func TestReport_PrintsJoinedErrorsOneALine(t *testing.T) {
	setting := func(place string) error { return &SettingError{Place: place, Problem: "odd", Unknown: true} }
	err := errors.Join(setting("a"), errors.Join(setting("b"), errors.New("c")), fmt.Errorf("d %w, %w", errors.New("e"), errors.New("f")))
	streams, _, stderr := ui.Test(ui.Device{})
	if code := report(t.Context(), &Env{IO: streams, Program: pluginUsage}, err); code != exitConfig {
		t.Errorf("exit code %d, want %d", code, exitConfig)
	}
	want := `kubectl mesh: a: odd
  hint: 'kubectl mesh config view --all' lists every setting
kubectl mesh: b: odd
kubectl mesh: c
kubectl mesh: d e, f
`
	if diff := cmp.Diff(want, stderr.String()); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

func TestReport_SaysInterruptedOnlyAfterASignal(t *testing.T) {
	wrapped := fmt.Errorf("listing pods: %w", context.Canceled)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, test := range []struct {
		ctx  context.Context
		err  error
		code int
		want string
	}{
		{stopped, wrapped, exitInterrupted, "meshctl: interrupted\n"},
		{stopped, errors.New("half done"), exitInterrupted, "meshctl: half done\n"},
		{stopped, nil, exitDone, ""},
		{t.Context(), wrapped, exitFailed, "meshctl: listing pods: context canceled\n"},
	} {
		streams, _, stderr := ui.Test(ui.Device{})
		if code := report(test.ctx, &Env{IO: streams}, test.err); code != test.code || stderr.String() != test.want {
			t.Errorf("%v: exit code %d and %q, want %d and %q", test.err, code, stderr, test.code, test.want)
		}
	}
}
