package envoyfilter

import (
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/structpb"
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/object"
)

// values are what the reader and the decoder of the library have to agree on.
func values() []string {
	return []string{
		`{}`, `{"name": "a"}`, `{"name": 5}`, `{"name": null}`, `{"nam": "a"}`, `{"name": ["a"]}`, `{"name": {}}`,
		`{"connectTimeout": "1s"}`, `{"connect_timeout": "1.5s"}`, `{"connect_timeout": "1"}`, `{"connect_timeout": 1}`,
		`{"connect_timeout": "-.5s"}`, `{"connect_timeout": "1.0000000001s"}`, `{"connect_timeout": "1e3s"}`, `{"connect_timeout": "s"}`,
		`{"connect_timeout": "315576000001s"}`, `{"connect_timeout": {}}`, `{"connect_timeout": "1s", "connectTimeout": "1s"}`,
		`{"max_requests_per_connection": 5}`, `{"max_requests_per_connection": "5"}`, `{"max_requests_per_connection": 5.0}`,
		`{"max_requests_per_connection": 5.5}`, `{"max_requests_per_connection": -1}`, `{"max_requests_per_connection": 4294967296}`,
		`{"max_requests_per_connection": "1e2"}`, `{"max_requests_per_connection": " 5"}`, `{"max_requests_per_connection": ""}`,
		`{"max_requests_per_connection": {"value": 5}}`, `{"max_requests_per_connection": true}`, `{"max_requests_per_connection": null}`,
		`{"lb_policy": "RANDOM"}`, `{"lb_policy": 3}`, `{"lb_policy": 77}`, `{"lb_policy": 1.5}`, `{"lb_policy": []}`, `{"lb_policy": true}`,
		`{"type": "EDS"}`, `{"type": "EDS", "cluster_type": {"name": "a"}}`, `{"type": "EDS", "cluster_type": null}`,
		`{"health_checks": []}`, `{"health_checks": {}}`, `{"health_checks": [null]}`, `{"health_checks": [{"http_health_check": {"path": "/"}}]}`,
		`{"health_checks": [{"http_health_check": {"path": 5}}]}`, `{"health_checks": [{"tcp_health_check": {"send": {"binary": "AA=="}}}]}`,
		`{"health_checks": [{"tcp_health_check": {"send": {"binary": "A-_A"}}}]}`, `{"health_checks": [{"tcp_health_check": {"send": {"binary": "?"}}}]}`,
		`{"metadata": {"filter_metadata": {"a": {"b": [1, null]}}}}`, `{"metadata": {"filter_metadata": {"a": 5}}}`, `{"metadata": {"filter_metadata": []}}`,
		`{"common_lb_config": {"healthy_panic_threshold": {"value": 1.5}}}`, `{"common_lb_config": {"healthy_panic_threshold": {"value": "NaN"}}}`,
		`{"common_lb_config": {"healthy_panic_threshold": {"value": "a"}}}`, `{"common_lb_config": {"healthy_panic_threshold": 1}}`,
		`{"connection_pool_per_downstream_connection": true}`, `{"connection_pool_per_downstream_connection": "true"}`,
		`{"connection_pool_per_downstream_connection": 1}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions", "explicit_http_config": {"http2_protocol_options": {}}}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions", "explicit": {}}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions", "explicit_http_config": 5}}}`,
		`{"typed_extension_protocol_options": {"a": null}}`, `{"typed_extension_protocol_options": {"a": 5}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "a"}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": 5}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.StringValue"}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "a", "b": 1}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.Empty"}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}}}`,
		`{"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/google.protobuf.Struct", "value": {"a": 1}}}}`,
	}
}

// TestReader_AgreesWithTheLibrary reads values in both ways. What is not here is
// where istiod's older decoder is stricter: unknown names in an enumeration, and
// messages without their @type.
func TestReader_AgreesWithTheLibrary(t *testing.T) {
	var c Checker
	for _, text := range values() {
		wrong, dubious := findings(t, &c, text)
		lenient, strict := decoded(t, &c.types, text, true), decoded(t, &c.types, text, false)
		if wrong != (lenient != nil) || (wrong || dubious) != (strict != nil) {
			t.Errorf("%s: wrong %v, dubious %v; the library says %v, and strictly %v", text, wrong, dubious, lenient, strict)
		}
	}
}

func findings(t *testing.T, c *Checker, text string) (wrong, dubious bool) {
	t.Helper()
	document := `{"apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter", "metadata": {"name": "a"}, "spec": {"configPatches": [
{"applyTo": "CLUSTER", "match": {"cluster": {}}, "patch": {"operation": "MERGE", "value": ` + text + `}}]}}`
	mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("a.json", []byte(document)), Complete: true})
	if err != nil {
		t.Fatal(err)
	}
	check := &analyze.Analyzer{
		Name: "schema", Doc: "judges values", Uses: []analyze.Kind{analyze.EnvoyFilter}, Codes: []*analyze.Code{rules.Invalid, rules.Dubious},
		Run: func(pass *analyze.Pass) error {
			for one := range pass.Mesh.EnvoyFilters().All() {
				for _, patch := range one.Spec.GetConfigPatches() {
					c.judgeValue(rules.NewJudge(pass, one.Resource), networking.EnvoyFilter_CLUSTER, patch.GetPatch().GetValue(), rules.At("spec"))
				}
			}
			return c.Err()
		},
	}
	report, err := analyze.Run(t.Context(), mesh, []*analyze.Analyzer{check}, analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range report.Findings {
		wrong = wrong || finding.Code == rules.Invalid
		dubious = dubious || finding.Code == rules.Dubious
	}
	return wrong, dubious
}

func decoded(t *testing.T, types *envoyTypes, text string, lenient bool) error {
	t.Helper()
	value := &structpb.Struct{}
	if err := protojson.Unmarshal([]byte(text), value); err != nil {
		t.Fatal(err)
	}
	raw, err := protojson.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	into := dynamicpb.NewMessage(types.message(typeOf(networking.EnvoyFilter_CLUSTER)))
	return protojson.UnmarshalOptions{DiscardUnknown: lenient, Resolver: resolver{dynamicpb.NewTypes(types.files)}}.Unmarshal(raw, proto.Message(into))
}

// resolver finds types without extensions, of which Envoy's have none.
type resolver struct{ *dynamicpb.Types }

func (resolver) FindExtensionByName(protoreflect.FullName) (protoreflect.ExtensionType, error) {
	return nil, protoregistry.NotFound
}

func TestTypes_HaveWhatPatchesChange(t *testing.T) {
	var types envoyTypes
	for number := range networking.EnvoyFilter_ApplyTo_name {
		applyTo := networking.EnvoyFilter_ApplyTo(number)
		if applyTo == networking.EnvoyFilter_INVALID {
			continue
		}
		if types.message(typeOf(applyTo)) == nil {
			t.Errorf("there is no type for %s", applyTo)
		}
	}
	if types.err != nil {
		t.Fatal(types.err)
	}
	if types.message("envoy.config.listener.v3.Nothing") != nil || types.message("no name/at all") != nil {
		t.Error("found what is not there")
	}
}

func BenchmarkReadTypes(b *testing.B) {
	for b.Loop() {
		if _, err := readTypes(); err != nil {
			b.Fatal(err)
		}
	}
}
