package schema

import (
	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/destinationrule"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/envoyfilter"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/extension"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/gateway"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/meshconfig"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/proxyconfig"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/security"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/serviceentry"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/sidecar"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/telemetry"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/virtualservice"
)

// judge applies the rules of each kind to what there is of it.
func judge(pass *analyze.Pass) error {
	mesh, filters := pass.Mesh, envoyfilter.Checker{}
	each(pass, mesh.VirtualServices(), virtualservice.Check)
	each(pass, mesh.DestinationRules(), destinationrule.Check)
	each(pass, mesh.Gateways(), gateway.Check)
	each(pass, mesh.ServiceEntries(), serviceentry.Check)
	each(pass, mesh.WorkloadEntries(), serviceentry.CheckWorkload)
	each(pass, mesh.WorkloadGroups(), serviceentry.CheckGroup)
	each(pass, mesh.Sidecars(), sidecar.Check)
	each(pass, mesh.EnvoyFilters(), filters.Check)
	each(pass, mesh.ProxyConfigs(), proxyconfig.Check)
	each(pass, mesh.AuthorizationPolicies(), security.CheckAuthorization)
	each(pass, mesh.PeerAuthentications(), security.CheckPeer)
	each(pass, mesh.RequestAuthentications(), security.CheckRequest)
	each(pass, mesh.Telemetries(), telemetry.Check)
	each(pass, mesh.WasmPlugins(), extension.CheckPlugin)
	each(pass, mesh.TrafficExtensions(), extension.CheckTraffic)
	judgeConfig(pass)
	return filters.Err()
}

func each[T any](pass *analyze.Pass, table analyze.Table[T], check func(*rules.Judge, *T)) {
	for r := range table.All() {
		j := rules.NewJudge(pass, r.Resource)
		j.Metadata()
		check(j, r.Spec)
	}
}

// judgeConfig applies the rules of mesh configuration, wherever that stands.
func judgeConfig(pass *analyze.Pass) {
	spec := rules.At("spec")
	config, networks := pass.Mesh.Config(), pass.Mesh.Networks()
	meshconfig.Check(rules.NewJudge(pass, config.Resource), config.Spec, spec)
	meshconfig.CheckNetworks(rules.NewJudge(pass, networks.Resource), networks.Spec, spec)
	for r := range pass.Mesh.Operators().All() {
		if r.Spec.MeshConfig != nil {
			meshconfig.Check(rules.NewJudge(pass, r.Resource), r.Spec.MeshConfig, spec.Field("meshConfig"))
		}
	}
}
