// Package claimroute finds routes by claims of tokens on gateways that do not
// read tokens.
package claimroute

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0149.md
var ist0149 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "claimroute",
	Legacy: []string{"virtualservice.JWTClaimRouteAnalyzer"},
	Doc:    "Gateways that route by the claims of tokens read tokens.",
	Needs:  []analyze.Kind{analyze.VirtualService, analyze.Gateway, analyze.RequestAuthentication},
	Uses:   []analyze.Kind{analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet},
	Codes:  []*analyze.Code{unread},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unread = &analyze.Code{ID: "IST0149", Severity: analyze.Error, Title: "A gateway routes by claims of tokens that it does not read", Doc: ist0149}

func run(pass *analyze.Pass) error {
	readers := map[*analyze.Resource]*reader{}
	for vs := range pass.Mesh.VirtualServices().All() {
		reported := map[string]bool{}
		for i, rule := range vs.Spec.GetHttp() {
			for j, match := range rule.GetMatch() {
				at, ok := claim(match, object.Field("spec.http", i, "match", j))
				if !ok {
					continue
				}
				for _, name := range gateways(pass.Mesh, vs, match) {
					if !reported[name] {
						reported[name] = check(pass, readers, vs, name, at)
					}
				}
			}
		}
	}
	return nil
}

// claim finds the first header that stands for a claim.
func claim(match *networking.HTTPMatchRequest, at object.Path) (object.Path, bool) {
	for _, headers := range []struct {
		field string
		names map[string]*networking.StringMatch
	}{{"headers", match.GetHeaders()}, {"withoutHeaders", match.GetWithoutHeaders()}} {
		for _, name := range slices.Sorted(maps.Keys(headers.names)) {
			rest, ok := strings.CutPrefix(strings.ToLower(name), "@request.auth.claims")
			if ok && len(rest) > 1 && (rest[0] == '.' || rest[0] == '[' && strings.HasSuffix(rest, "]")) {
				return at.With(headers.field).Key(name), true
			}
		}
	}
	return nil, false
}

// gateways are those for which the match holds, in full.
func gateways(mesh *analyze.Mesh, vs analyze.Of[networking.VirtualService], match *networking.HTTPMatchRequest) []string {
	var own []string
	for _, reference := range match.GetGateways() {
		own = append(own, mesh.GatewayName(reference, vs.Namespace))
	}
	return slices.DeleteFunc(mesh.GatewaysOf(vs), func(name string) bool {
		return name == analyze.MeshGateway || len(own) > 0 && !slices.Contains(own, name)
	})
}

// reader is how the workloads of a Gateway read tokens.
type reader struct {
	// without are those that do not, count is how many there are.
	without []*analyze.Workload
	count   int
}

// check says whether it has reported something.
func check(pass *analyze.Pass, readers map[*analyze.Resource]*reader, vs analyze.Of[networking.VirtualService], name string, at object.Path) bool {
	namespace, short, _ := strings.Cut(name, "/")
	gateway, ok := pass.Mesh.Gateways().Get(namespace, short)
	if !ok {
		return false
	}
	if readers[gateway.Resource] == nil {
		readers[gateway.Resource] = newReader(pass.Mesh, gateway)
	}
	of := readers[gateway.Resource]
	if len(of.without) == 0 {
		return false
	}
	which := "its workloads"
	if len(of.without) < of.count {
		which = "some of its workloads"
	}
	absent := analyze.Absences(pass.Mesh.RootNamespace(), analyze.RequestAuthentication)
	pass.Report(analyze.Diagnostic{
		Code: unread, On: vs, Field: at, Absent: append(absent, analyze.Absences(of.without[0].Namespace, analyze.RequestAuthentication)...),
		Message: fmt.Sprintf("%s does not know claims: no RequestAuthentication holds for %s (%s), so this never matches", gateway, which, analyze.Names(of.without, 3)),
		Related: []analyze.Related{{On: gateway, Field: object.Field("spec.selector"), Note: "the workloads are those of"}},
	})
	return true
}

func newReader(mesh *analyze.Mesh, gateway analyze.Of[networking.Gateway]) *reader {
	r := &reader{}
	for _, w := range mesh.Select("", gateway.Spec.GetSelector()) {
		if mesh.Made(w) {
			continue
		}
		r.count++
		if !slices.ContainsFunc(mesh.PoliciesFor(analyze.RequestAuthentication, w), reads) {
			r.without = append(r.without, w)
		}
	}
	return r
}

// reads says whether the policy has any token read.
func reads(policy *analyze.Policy) bool {
	of, ok := analyze.As[security.RequestAuthentication](policy.Resource)
	return ok && len(of.Spec.GetJwtRules()) > 0
}
