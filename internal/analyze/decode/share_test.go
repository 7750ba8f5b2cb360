package decode_test

import (
	"testing"

	networking "istio.io/api/networking/v1alpha3"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

func decoding(t *testing.T) func(text string, target any) []decode.Problem {
	t.Helper()
	decoder := &decode.Decoder{}
	return func(text string, target any) []decode.Problem {
		node, err := object.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return decoder.Into(&node, target, nil)
	}
}

func TestDecoder_SharesWhatIsTheSame(t *testing.T) {
	into := decoding(t)
	var first, second, other networking.VirtualService
	into("{hosts: [a], http: [{retries: {attempts: 3}, timeout: 5s}]}", &first)
	into("{hosts: [b], http: [{retries: {attempts: 3}, timeout: 6s}]}", &second)
	into("{hosts: [b], http: [{retries: {attempts: 4}}]}", &other)
	if first.Http[0].Retries != second.Http[0].Retries {
		t.Error("equal retries are two values")
	}
	if other.Http[0].Retries.Attempts != 4 || second.Http[0].Timeout.Seconds != 6 || first.Hosts[0] != "a" {
		t.Errorf("different values are one:\n%v\n%v\n%v", &first, &second, &other)
	}

	// The same text under another key, in a field of another type.
	var pod core.PodSpec
	var deployment apps.DeploymentSpec
	into("{nodeSelector: {matchLabels: a}}", &pod)
	if problems := into("{selector: {matchLabels: a}}", &deployment); len(problems) != 1 {
		t.Errorf("a text for a map of labels gives %v", problems)
	}
}

func TestDecoder_TellsAProblemEachTime(t *testing.T) {
	into := decoding(t)
	for range 2 {
		var pod core.PodSpec
		if problems := into("{containers: [{name: a, readinessProbe: {tcp: 1}}]}", &pod); len(problems) != 1 {
			t.Errorf("got %v, want one problem", problems)
		}
	}
}

func TestDecoder_TellsNullFromEmpty(t *testing.T) {
	into := decoding(t)
	for _, test := range []struct {
		text string
		want bool
	}{
		{"{template: {spec: {securityContext: {}}}}", true},
		{"{template: {spec: {securityContext: }}}", false},
		{"{template: {spec: {securityContext: {}}}}", true},
	} {
		var deployment apps.DeploymentSpec
		into(test.text, &deployment)
		if got := deployment.Template.Spec.SecurityContext != nil; got != test.want {
			t.Errorf("%s: there is one: %v, want %v", test.text, got, test.want)
		}
	}
}
