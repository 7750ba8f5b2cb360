package schema

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/object"
)

func (j judge) peerAuthentication(spec *security.PeerAuthentication) {
	ports := spec.GetPortLevelMtls()
	at := object.Field("spec.portLevelMtls")
	if len(ports) > 0 && len(spec.GetSelector().GetMatchLabels()) == 0 {
		j.wrong(at, "portLevelMtls needs a selector: ports mean something for certain workloads only")
	}
	for _, port := range slices.Sorted(maps.Keys(ports)) {
		if !isPort(port) {
			j.wrong(at.Key(strconv.FormatUint(uint64(port), 10)), "%d is no port number", port)
		}
	}
}

func (j judge) requestAuthentication(spec *security.RequestAuthentication) {
	for i, rule := range spec.GetJwtRules() {
		j.jwtRule(rule, object.Field("spec.jwtRules", i))
	}
}

func (j judge) jwtRule(rule *security.JWTRule, at object.Path) {
	if rule.GetIssuer() == "" && rule.GetJwksUri() == "" {
		j.wrong(at, "a rule needs an issuer, or a jwksUri to have keys from")
	}
	if text := rule.GetJwksUri(); text != "" {
		parsed, err := url.Parse(text)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
			j.wrong(at.With("jwksUri"), "%q is no URL that begins with http or https", text)
		}
	}
	if rule.GetJwks() != "" {
		j.keys(rule.GetJwks(), at.With("jwks"))
	}
	j.texts(rule.GetAudiences(), at.With("audiences"))
	j.texts(rule.GetFromParams(), at.With("fromParams"))
	j.texts(rule.GetFromCookies(), at.With("fromCookies"))
	for n, header := range rule.GetFromHeaders() {
		if header.GetName() == "" {
			j.wrong(at.With("fromHeaders", n), "a header that has the token needs a name")
		}
	}
	for n, output := range rule.GetOutputClaimToHeaders() {
		at := at.With("outputClaimToHeaders", n)
		switch {
		case output.GetHeader() == "" || output.GetClaim() == "":
			j.wrong(at, "to copy a claim, both header and claim are needed")
		case !regexp.MustCompile("^[-_A-Za-z0-9]+$").MatchString(output.GetHeader()):
			j.wrong(at.With("header"), "%q is no name of a header: only letters, digits, - and _ are allowed", output.GetHeader())
		}
	}
	if timeout := rule.GetTimeout(); timeout != nil && timeout.AsDuration().Milliseconds() < 1 {
		j.wrong(at.With("timeout"), "a timeout has 1ms at least, and this is %s", timeout.AsDuration())
	}
}

func (j judge) texts(values []string, at object.Path) {
	for i, value := range values {
		if value == "" {
			j.wrong(at.Item(i), "an empty text matches nothing")
		}
	}
}

// keys checks a set of keys that is part of the resource.
func (j judge) keys(text string, at object.Path) {
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		j.wrong(at, "the set of keys is no JSON such as {\"keys\": [...]}: %v", err)
		return
	}
	if len(set.Keys) == 0 {
		j.wrong(at, "the set of keys has none, so no token is valid")
	}
	for i, key := range set.Keys {
		_, private := key["d"]
		switch {
		case key["kty"] == nil:
			j.wrong(at, "key %d has no type (kty)", i)
		case private || key["kty"] == "oct":
			j.doubt(at, "key %d is a private one: whoever may read this resource can make tokens", i)
		}
	}
}
