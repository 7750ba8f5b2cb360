// Package condition finds resources that a controller has refused.
package condition

import (
	_ "embed"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0171.md
var ist0171 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "condition",
	Legacy: []string{"conditions.ConditionAnalyzer"},
	Doc:    "No controller says that it refuses a resource.",
	Needs:  []analyze.Kind{analyze.AuthorizationPolicy},
	Uses: []analyze.Kind{
		analyze.Service, analyze.ServiceEntry, analyze.WorkloadEntry, analyze.K8sGateway, analyze.GatewayClass, analyze.ListenerSet,
		analyze.HTTPRoute, analyze.GRPCRoute, analyze.TLSRoute, analyze.TCPRoute, analyze.UDPRoute, analyze.BackendTLSPolicy,
	},
	Codes: []*analyze.Code{refused},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var refused = &analyze.Code{ID: "IST0171", Severity: analyze.Warning, Title: "A controller has refused a resource", Doc: ist0171, Aliases: []string{"GWAPI"}}

// watched is where a kind has conditions, and which are to be true.
type watched struct {
	kind analyze.Kind
	// lists are the fields of the status whose items have conditions too.
	lists    []string
	positive []string
	negative []string
}

func table() []watched {
	waypoint := []string{"istio.io/WaypointBound"}
	attached := []string{"Accepted", "Programmed", "ResolvedRefs"}
	parents, listeners, troubles := []string{"parents"}, []string{"listeners"}, []string{"Conflicted"}
	return []watched{
		{kind: analyze.Service, positive: waypoint},
		{kind: analyze.ServiceEntry, positive: waypoint},
		{kind: analyze.WorkloadEntry, positive: waypoint},
		{kind: analyze.AuthorizationPolicy, positive: []string{"ZtunnelAccepted", "WaypointAccepted"}},
		{kind: analyze.GatewayClass, positive: []string{"Accepted"}},
		{kind: analyze.K8sGateway, lists: listeners, positive: attached, negative: troubles},
		{kind: analyze.ListenerSet, lists: listeners, positive: attached, negative: troubles},
		{kind: analyze.HTTPRoute, lists: parents, positive: attached},
		{kind: analyze.GRPCRoute, lists: parents, positive: attached},
		{kind: analyze.TLSRoute, lists: parents, positive: attached},
		{kind: analyze.TCPRoute, lists: parents, positive: attached},
		{kind: analyze.UDPRoute, lists: parents, positive: attached},
		{kind: analyze.BackendTLSPolicy, lists: []string{"ancestors"}, positive: attached},
	}
}

func run(pass *analyze.Pass) error {
	for _, row := range table() {
		for resource := range pass.Mesh.Of(row.kind) {
			row.check(pass, resource, resource.Status, object.Field("status"))
			for _, list := range row.lists {
				for i, item := range items(resource.Status[list]) {
					row.check(pass, resource, item, object.Field("status", list, i))
				}
			}
		}
	}
	return nil
}

func (w watched) check(pass *analyze.Pass, resource *analyze.Resource, status map[string]any, at object.Path) {
	for i, condition := range items(status["conditions"]) {
		kind, value, reason := text(condition["type"]), text(condition["status"]), text(condition["reason"])
		wanted, unwanted := slices.Contains(w.positive, kind), slices.Contains(w.negative, kind)
		at := at.With("conditions", i)
		switch {
		case reason == "Pending":
		case wanted && value == "False", unwanted && value == "True":
			pass.Reportf(refused, resource, at, "%s is %s%s", kind, value, because(reason, text(condition["message"])))
		case wanted && value == "True" && reason == "PartiallyInvalid":
			pass.Reportf(refused, resource, at, "%s only in part%s", kind, because(reason, text(condition["message"])))
		}
	}
}

func because(reason, message string) string {
	switch {
	case message == "" && reason == "":
		return ""
	case message == "":
		return ": " + reason
	case reason == "":
		return ": " + message
	}
	return " (" + reason + "): " + message
}

func items(value any) []map[string]any {
	list, _ := value.([]any)
	found := make([]map[string]any, len(list))
	for i, item := range list {
		found[i], _ = item.(map[string]any)
	}
	return found
}

func text(value any) string {
	text, _ := value.(string)
	return text
}
