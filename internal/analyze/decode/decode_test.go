package decode_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1alpha3"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

const pod = `
serviceAccountName: app
hostNetwork: true
terminationGracePeriodSeconds: 30
nodeSelector: {disk: ssd}
containers:
  - name: app
    image: app:1
    args: ["--a", "b"]
    env: [{name: A, value: b}, {name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
    resources: {requests: {cpu: 100m, memory: 1Gi}}
    ports: [{containerPort: 80, protocol: TCP}]
    livenessProbe: {httpGet: {path: /, port: web}, periodSeconds: 3}
    securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}}
volumes: [{name: a, secret: {secretName: b, optional: true}}]
tolerations: [{operator: Exists}]
`

const virtualService = `
hosts: [a]
exportTo: ["."]
http:
  - name: first
    match: [{uri: {prefix: /a}, headers: {x: {exact: "1"}}, port: 80, ignoreUriCase: true}, {without_headers: {y: {regex: .*}}}]
    timeout: 1m30s
    retries: {attempts: 3, perTryTimeout: 2s, retryOn: 5xx, retryRemoteLocalities: true}
    fault: {abort: {httpStatus: 500, percentage: {value: 12.5}}}
    route: [{destination: {host: b, port: {number: 80}}, weight: 90, headers: {request: {set: {a: b}}}}]
    corsPolicy: {allowOrigins: [{exact: c}], maxAge: 24h, allowCredentials: true}
`

// TestInto_ReadsWhatOthersRead compares with the usual decoders of both kinds of types.
func TestInto_ReadsWhatOthersRead(t *testing.T) {
	var want, got core.PodSpec
	into(t, pod, &want, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var wantRoute, gotRoute networking.VirtualService
	into(t, virtualService, &wantRoute, &gotRoute)
	if !proto.Equal(&wantRoute, &gotRoute) {
		t.Errorf("want\n%v\ngot\n%v", &wantRoute, &gotRoute)
	}
}

func into(t *testing.T, text string, want, got any) {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(asJSON, want); err != nil {
		t.Fatal(err)
	}
	for _, problem := range read(t, text, got) {
		t.Errorf("%s: %s", problem.Path, problem.Message)
	}
}

func read(t *testing.T, text string, target any) []decode.Problem {
	t.Helper()
	node, err := object.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return new(decode.Decoder).Into(&node, target, object.Field("spec"))
}

func TestInto_TellsEveryProblem(t *testing.T) {
	for _, test := range []struct {
		text   string
		target any
		want   string
	}{
		{"containers: {}", &core.PodSpec{}, "spec.containers: wrong type: must be a list, not a mapping"},
		{"containers: [{nmae: a}]", &core.PodSpec{}, "spec.containers[0].nmae: unknown field: there is no such field"},
		{"nodeSelector: {a: yes}", &core.PodSpec{}, "spec.nodeSelector.a: wrong type: must be a string, not a boolean"},
		{"hostNetwork: \"true\"", &core.PodSpec{}, "spec.hostNetwork: wrong type: must be a boolean, not a string"},
		{"http: [{timeout: soon}]", &networking.VirtualService{}, `spec.http[0].timeout: wrong type: "soon" is not a duration such as 10s or 1m30s`},
		{"http: [{match: [{uri: {exact: a, prefix: b}}]}]", &networking.VirtualService{}, "spec.http[0].match[0].uri.prefix: wrong type: cannot be set beside exact"},
		{"servers: [{tls: {mode: SIMPEL}}]", &networking.Gateway{}, `spec.servers[0].tls.mode: unknown value: "SIMPEL" is not one of PASSTHROUGH, SIMPLE, MUTUAL, AUTO_PASSTHROUGH, ISTIO_MUTUAL, OPTIONAL_MUTUAL`},
		{"http: [{route: [{weight: 1.5}]}]", &networking.VirtualService{}, "spec.http[0].route[0].weight: wrong type: must be a whole number, not 1.5"},
		{"http: [{route: [{weight: 99999999999}]}]", &networking.VirtualService{}, "spec.http[0].route[0].weight: wrong type: 99999999999 is out of range"},
	} {
		problems := read(t, test.text, test.target)
		if len(problems) != 1 {
			t.Errorf("%s: got %v", test.text, problems)
			continue
		}
		p := problems[0]
		if got := p.Path.String() + ": " + string(p.Reason) + ": " + p.Message; got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.text, got, test.want)
		}
	}
}
