// Package security has the rules of AuthorizationPolicies, PeerAuthentications
// and RequestAuthentications.
package security

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// CheckPeer judges a PeerAuthentication.
func CheckPeer(j *rules.Judge, spec *security.PeerAuthentication) {
	j.Selected(spec)
	ports := spec.GetPortLevelMtls()
	if ports == nil {
		return
	}
	at := rules.At("spec").Field("portLevelMtls")
	if len(spec.GetSelector().GetMatchLabels()) == 0 {
		j.Wrong(at, "portLevelMtls needs a selector: ports mean something for certain workloads only")
	}
	if len(ports) == 0 {
		j.Wrong(at, "portLevelMtls needs a port: leave it out if nothing is meant")
	}
	for _, port := range slices.Sorted(maps.Keys(ports)) {
		j.Port(port, at.Field(strconv.FormatUint(uint64(port), 10)))
	}
}

// CheckRequest judges a RequestAuthentication.
func CheckRequest(j *rules.Judge, spec *security.RequestAuthentication) {
	j.Attached(spec, spec.GetTargetRef())
	for i, rule := range spec.GetJwtRules() {
		jwtRule(j, rule, rules.At("spec").Field("jwtRules").Item(i))
	}
}

func jwtRule(j *rules.Judge, rule *security.JWTRule, at *rules.Place) {
	if rule.GetIssuer() == "" && rule.GetJwksUri() == "" {
		j.Wrong(at, "a rule needs an issuer, or a jwksUri to have keys from")
	}
	if text := rule.GetJwksUri(); text != "" {
		parsed, err := url.Parse(text)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
			j.Wrong(at.Field("jwksUri"), "%q is no URL that begins with http or https", text)
		}
	}
	if rule.GetJwks() != "" {
		keys(j, rule.GetJwks(), at.Field("jwks"))
	}
	texts(j, rule.GetAudiences(), at.Field("audiences"))
	texts(j, rule.GetFromParams(), at.Field("fromParams"))
	texts(j, rule.GetFromCookies(), at.Field("fromCookies"))
	for n, header := range rule.GetFromHeaders() {
		if header.GetName() == "" {
			j.Wrong(at.Field("fromHeaders").Item(n).Field("name"), "a header that has the token needs a name")
		}
	}
	for n, output := range rule.GetOutputClaimToHeaders() {
		at := at.Field("outputClaimToHeaders").Item(n)
		switch {
		case output.GetClaim() == "":
			j.Wrong(at.Field("claim"), "to copy a claim, both header and claim are needed")
		case output.GetHeader() == "":
			j.Wrong(at.Field("header"), "to copy a claim, both header and claim are needed")
		case !isHeader(output.GetHeader()):
			j.Wrong(at.Field("header"), "%q is no name of a header: only letters, digits, - and _ are allowed", output.GetHeader())
		}
	}
	j.Duration(rule.GetTimeout(), at.Field("timeout"))
}

// isHeader knows what istiod lets claims be copied to: fewer letters than HTTP.
func isHeader(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return name != ""
}

func texts(j *rules.Judge, values []string, at *rules.Place) {
	for i, value := range values {
		if value == "" {
			j.Wrong(at.Item(i), "an empty text matches nothing")
		}
	}
}

// keys judges a set of keys that is part of the resource.
func keys(j *rules.Judge, text string, at *rules.Place) {
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		j.Wrong(at, "the set of keys is no JSON such as {\"keys\": [...]}: %v", err)
		return
	}
	if len(set.Keys) == 0 {
		j.Wrong(at, "the set of keys has none, so no token is valid")
	}
	for i, key := range set.Keys {
		_, private := key["d"]
		switch {
		case key["kty"] == nil:
			j.Wrong(at, "key %d has no type (kty)", i)
		case private || key["kty"] == "oct":
			j.Doubt(at, "key %d is a private one: whoever may read this resource can make tokens", i)
		}
	}
}
