// Package portpolicy finds settings of DestinationRules that ports lose by
// having settings of their own.
package portpolicy

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH1003.md
var msh1003 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "portpolicy",
	Doc:   "Settings that DestinationRules make for a port do not drop those of the host.",
	Needs: []analyze.Kind{analyze.DestinationRule},
	Uses:  []analyze.Kind{analyze.ConfigMap},
	Codes: []*analyze.Code{dropped},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var dropped = &analyze.Code{ID: "MSH1003", Severity: analyze.Warning, Title: "Settings of a port drop those of the host", Doc: msh1003}

func run(pass *analyze.Pass) error {
	for rule := range pass.Mesh.DestinationRules().All() {
		host := rule.Spec.GetTrafficPolicy()
		at := object.Field("spec.trafficPolicy")
		for i, settings := range host.GetPortLevelSettings() {
			lost := append(replaced(settings, level{host, at}), unported(host, at)...)
			report(pass, rule, at.With("portLevelSettings", i), "the host", settings, lost)
		}
		for i, subset := range rule.Spec.GetSubsets() {
			own := level{subset.GetTrafficPolicy(), object.Field("spec.subsets", i, "trafficPolicy")}
			for j, settings := range subset.GetTrafficPolicy().GetPortLevelSettings() {
				inherited := level{host, at}
				if k := analyze.PortSettings(host, settings.GetPort().GetNumber()); k >= 0 {
					inherited = level{host.PortLevelSettings[k], at.With("portLevelSettings", k)}
				}
				report(pass, rule, own.at.With("portLevelSettings", j), "subset "+subset.GetName(), settings, replaced(settings, own, inherited))
			}
		}
	}
	return nil
}

// level are settings and where they stand.
type level struct {
	settings analyze.PolicySettings
	at       object.Path
}

// setting is one that a port does not have, though a level above it does.
type setting struct {
	name  string
	at    object.Path
	value proto.Message
	// harmless is true if the port comes by the same in another way, most of the time.
	harmless bool
}

// replaced are the settings that a port takes the place of without having them.
// The nearest level that has one counts.
func replaced(port analyze.PolicySettings, levels ...level) []setting {
	var lost []setting
	for _, kind := range []struct {
		name string
		of   func(analyze.PolicySettings) proto.Message
	}{
		{"connectionPool", func(s analyze.PolicySettings) proto.Message { return s.GetConnectionPool() }},
		{"loadBalancer", func(s analyze.PolicySettings) proto.Message { return s.GetLoadBalancer() }},
		{"outlierDetection", func(s analyze.PolicySettings) proto.Message { return s.GetOutlierDetection() }},
		{"tls", func(s analyze.PolicySettings) proto.Message { return s.GetTls() }},
	} {
		if kind.of(port).ProtoReflect().IsValid() {
			continue
		}
		for _, level := range levels {
			value := kind.of(level.settings)
			if !value.ProtoReflect().IsValid() {
				continue
			}
			if !isDefault(value) {
				lost = append(lost, setting{kind.name, level.at.With(kind.name), value, isMeshTLS(value)})
			}
			break
		}
	}
	return lost
}

// unported are the settings of a host that ports with settings of their own
// never have, as there is no place for them there.
func unported(policy *networking.TrafficPolicy, at object.Path) []setting {
	var lost []setting
	for _, one := range []setting{
		{name: "tunnel", value: policy.GetTunnel()},
		{name: "proxyProtocol", value: policy.GetProxyProtocol()},
		{name: "retryBudget", value: policy.GetRetryBudget()},
	} {
		if one.value.ProtoReflect().IsValid() {
			lost = append(lost, setting{name: one.name, at: at.With(one.name)})
		}
	}
	return lost
}

// isDefault says whether a setting is what holds without it.
func isDefault(value proto.Message) bool {
	switch value := value.(type) {
	case *networking.ConnectionPoolSettings:
		return proto.Equal(value, &networking.ConnectionPoolSettings{})
	case *networking.LoadBalancerSettings:
		simple, ok := value.GetLbPolicy().(*networking.LoadBalancerSettings_Simple)
		only := proto.Equal(value, &networking.LoadBalancerSettings{LbPolicy: value.GetLbPolicy()})
		return only && (value.GetLbPolicy() == nil || ok && (simple.Simple == networking.LoadBalancerSettings_LEAST_REQUEST || simple.Simple == networking.LoadBalancerSettings_UNSPECIFIED))
	}
	return false
}

// isMeshTLS says whether a setting asks for what clients do by themselves
// wherever servers can: mutual TLS of the mesh, and nothing special about it.
func isMeshTLS(value proto.Message) bool {
	return proto.Equal(value, &networking.ClientTLSSettings{Mode: networking.ClientTLSSettings_ISTIO_MUTUAL})
}

func report(pass *analyze.Pass, rule analyze.Of[networking.DestinationRule], at object.Path, of string, port *networking.TrafficPolicy_PortTrafficPolicy, lost []setting) {
	if len(lost) == 0 || port.GetPort() == nil {
		return
	}
	finding := analyze.Diagnostic{Code: dropped, On: rule, Field: at}
	if len(lost) == 1 && lost[0].harmless && pass.Mesh.Config().Spec.GetEnableAutoMtls().GetValue() {
		finding.Severity = analyze.Info
	}
	names := make([]string, len(lost))
	fix := analyze.Fix{Title: "copy what is missing into the settings of the port"}
	for i, one := range lost {
		names[i] = one.name
		finding.Related = append(finding.Related, analyze.Related{On: rule, Field: one.at, Note: "does not hold for the port"})
		if value, ok := plain(one.value); ok {
			fix.Edits = append(fix.Edits, analyze.Edit{On: rule, Op: analyze.Set, Field: at.With(one.name), Value: value})
		}
	}
	if len(fix.Edits) == len(lost) {
		finding.Fixes = []analyze.Fix{fix}
	}
	finding.Message = fmt.Sprintf("port %d does not have %s of %s: what is set for a port takes the place of all settings there, the rest falls back to defaults",
		port.GetPort().GetNumber(), joined(names), of)
	pass.Report(finding)
}

// plain is the value as it would stand in YAML.
func plain(value proto.Message) (any, bool) {
	if value == nil {
		return nil, false
	}
	var plain any
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	return plain, err == nil
}

func joined(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
