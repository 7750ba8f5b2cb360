package profiles

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRules has a row for each rule about IstioOperator files and --set that
// is not the subject of a test of its own.
func TestRules(t *testing.T) {
	tests := []struct {
		rule string
		text string
		sets []string
		path string // below spec
		want any
	}{
		{"the tag of a component stays as written", "components: {pilot: {tag: 1.30}}", nil, "components.pilot.tag", "1.30"},
		{"so does values.global.tag", "values: {global: {tag: 1.10}}", nil, "values.global.tag", "1.10"},
		{"and a tag by --set", "", []string{"tag=1.30"}, "values.global.tag", "1.30"},
		{"a tag that is a number", "tag: 130", nil, "values.global.tag", "130"},
		{"a revision that is a number", "revision: 130", nil, "values.revision", "130"},
		{"a revision by --set", "", []string{"revision=1"}, "values.revision", "1"},
		{"a compatibility version", "compatibilityVersion: 1.28", nil, "values.compatibilityVersion", "1.28"},
		{
			"proxyMetadata is text", "meshConfig: {defaultConfig: {proxyMetadata: {A: true, B: 010}}}", nil,
			"values.meshConfig.defaultConfig.proxyMetadata",
			map[string]any{"A": "true", "B": "010"},
		},
		{"values.meshConfig beats meshConfig", "meshConfig: {accessLogFile: /a}\nvalues: {meshConfig: {accessLogFile: /b}}", nil, "values.meshConfig.accessLogFile", "/b"},
		{
			"both are merged", "meshConfig: {accessLogFile: /a}\nvalues: {meshConfig: {trustDomain: b}}", nil,
			"values.meshConfig",
			map[string]any{"accessLogFile": "/a", "trustDomain": "b", "enablePrometheusMerge": true},
		},
		{"values.revision beats revision", "revision: a\nvalues: {revision: b}", nil, "values.revision", "b"},
		{"an empty spec says nothing", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n", nil, "values.global.istioNamespace", "istio-system"},
		{"a list is replaced", "values: {global: {imagePullSecrets: [a, b]}}", []string{"values.global.imagePullSecrets[0]=c"}, "values.global.imagePullSecrets", []any{"c", "b"}},
		{"an element is appended", "values: {global: {imagePullSecrets: [a]}}", []string{"values.global.imagePullSecrets[-1]=c"}, "values.global.imagePullSecrets", []any{"a", "c"}},
		{"also by an index past the end", "values: {global: {imagePullSecrets: [a]}}", []string{"values.global.imagePullSecrets[7]=c"}, "values.global.imagePullSecrets", []any{"a", "c"}},
		{"an element that is a scalar is replaced", "values: {pilot: {ipFamilies: [IPv4]}}", []string{"values.pilot.ipFamilies[0]=IPv6"}, "values.pilot.ipFamilies", []any{"IPv6"}},
		{
			"an element found by a field", "",
			[]string{"components.egressGateways.[name:istio-egressgateway].namespace=edge"},
			"components.egressGateways",
			[]any{map[string]any{"name": "istio-egressgateway", "enabled": false, "namespace": "edge"}},
		},
		{"= in a value", "", []string{"values.pilot.env.A=b=c=d"}, "values.pilot.env.A", "b=c=d"},
		{"a comma", "", []string{`values.pilot.env.A=b\,c`}, "values.pilot.env.A", "b,c"},
		{"a dot in a name", "", []string{`values.pilot.podAnnotations.a\.b/c=d`}, "values.pilot.podAnnotations", map[string]any{"a.b/c": "d"}},
		{"spec. before the path", "", []string{"spec.values.pilot.autoscaleMax=7"}, "values.pilot.autoscaleMax", int64(7)},
		{"text that looks like a number where text belongs", "", []string{"values.global.meshID=0123"}, "values.global.meshID", "0123"},
		{"what nobody checks", "unvalidatedValues: {anything: {at: all}}", nil, "values.anything", map[string]any{"at": "all"}},
		{"a component's namespace", "components: {pilot: {namespace: here}}", nil, "components.pilot.namespace", "here"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			mesh := resolve(t, Config{Files: []File{file(test.text)}, Sets: test.sets})
			if diff := cmp.Diff(test.want, look(mesh, test.path)); diff != "" {
				t.Errorf("%s: %s", test.path, diff)
			}
		})
	}
}

// TestRules_OfTheMesh are rules about a mesh configuration as a whole.
func TestRules_OfTheMesh(t *testing.T) {
	tests := []struct{ text, want string }{
		{"meshConfig: {trustDomain: 'a b'}", `spec.meshConfig.trustDomain: expected a domain name in lower case, such as cluster.local, found "a b"`},
		{"meshConfig: {defaultConfig: {discoveryAddress: istiod}}", `spec.meshConfig.defaultConfig.discoveryAddress: expected host:port, found "istiod"`},
		{"meshConfig: {defaultConfig: {tracing: {zipkin: {address: zipkin}}}}", `spec.meshConfig.defaultConfig.tracing.zipkin.address: expected host:port, found "zipkin"`},
		{"meshConfig: {localityLbSetting: {distribute: [{from: a, to: {b: 60, c: 30}}]}}", "spec.meshConfig.localityLbSetting.distribute[0]: the weights add up to 90, not to 100"},
		{"values: {meshConfig: {localityLbSetting: {failover: [{from: a, to: a}]}}}", "spec.values.meshConfig.localityLbSetting.failover[0]: the region a fails over to itself"},
		{"meshConfig: {localityLbSetting: {distribute: [], failover: []}}", "spec.meshConfig.localityLbSetting.failover: cannot be set beside distribute"},
		{"meshConfig: {extensionProviders: [{zipkin: {port: 1}}]}", "spec.meshConfig.extensionProviders[0]: it has no name, so that nothing can refer to it"},
		{"meshConfig: {extensionProviders: [{name: a, zipkin: {port: 1}}, {name: a, zipkin: {port: 2}}]}", "spec.meshConfig.extensionProviders[1]: a second provider named a; the first is at mesh.yaml:1"},
	}
	for _, test := range tests {
		_, err := Resolve(Config{Files: []File{file(test.text)}}, assets())
		if err == nil || err.Error() != "mesh.yaml:1: "+test.want {
			t.Errorf("got  %v\nwant mesh.yaml:1: %s", err, test.want)
		}
	}
	fine := `meshConfig:
  trustDomain: example.org
  trustDomainAliases: [old.example.org]
  localityLbSetting: {distribute: [{from: a, to: {b: 60, c: 40}}]}
  extensionProviders: [{name: a, zipkin: {service: z, port: 9411}}]
  defaultConfig: {discoveryAddress: "istiod.istio-system.svc:15012", tracing: {zipkin: {address: "zipkin.istio-system:9411"}}, proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: "true"}}
`
	mesh := resolve(t, Config{Files: []File{file(fine)}})
	if len(mesh.Warnings) != 1 || !strings.Contains(mesh.Warnings[0], "ISTIO_META_DNS_AUTO_ALLOCATE is not needed any more") {
		t.Errorf("warnings %q", mesh.Warnings)
	}
}

func TestPackagePath(t *testing.T) {
	tests := []struct {
		config       Config
		want, origin string
	}{
		{Config{}, "", ""},
		{Config{Files: []File{file("installPackagePath: here")}}, "here", "mesh.yaml:1"},
		{Config{Files: []File{file("installPackagePath: here"), {"b.yaml", []byte("\ninstallPackagePath: there")}}}, "there", "b.yaml:2"},
		{Config{Files: []File{file("installPackagePath: here")}, Flags: []Set{{Argument: "installPackagePath=there"}}}, "there", "--set"},
		{Config{Files: []File{file("installPackagePath: [")}}, "", ""},
	}
	for _, test := range tests {
		got, origin := test.config.PackagePath()
		if got != test.want || origin.String() != test.origin {
			t.Errorf("got %q of %q, want %q of %q", got, origin, test.want, test.origin)
		}
	}
}
