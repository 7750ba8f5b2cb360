package analyze_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
)

const rulesForCart = `
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}, {port: 81}, {port: 82}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a-subsets, namespace: shop}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: b-policy, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    tls: {mode: SIMPLE}
    portLevelSettings:
      - port: {number: 81}
        tls: {mode: DISABLE}
      - port: {number: 82}
  subsets:
    - name: v1
      labels: {version: shadowed}
    - name: v2
      labels: {version: v2}
      trafficPolicy:
        tls: {mode: ISTIO_MUTUAL}
        portLevelSettings: [{port: {number: 80}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: own, namespace: client}
spec: {host: cart.shop.svc.cluster.local}
`

func TestEffective_MergesTheRulesOfOneNamespace(t *testing.T) {
	m := mesh(t, analyze.Input{Complete: true}, rulesForCart)
	const cart = "cart.shop.svc.cluster.local"
	merged := m.Effective("elsewhere", cart)
	if rule, number := merged.Subset("v1"); rule == nil || rule.Name != "a-subsets" || number != 0 {
		t.Errorf("subset v1 is number %d of %v", number, rule)
	}
	if rule, number := merged.Subset("v2"); rule == nil || rule.Name != "b-policy" || number != 1 {
		t.Errorf("subset v2 is number %d of %v", number, rule)
	}
	if rule := merged.Policy(); rule == nil || rule.Name != "b-policy" {
		t.Errorf("the traffic policy is that of %v", rule)
	}
	if rule, _ := m.Effective("client", cart).Subset("v2"); rule != nil {
		t.Errorf("a client with a rule of its own gets subset v2 of %v", rule)
	}
	if rules := m.Effective("client", cart).Rules; len(rules) != 1 || rules[0].Name != "own" {
		t.Errorf("a client with a rule of its own gets %v", rules)
	}
}

func TestRule_TLS(t *testing.T) {
	rule := mesh(t, analyze.Input{Complete: true}, rulesForCart).Effective("elsewhere", "cart.shop.svc.cluster.local").Policy()
	for _, test := range []struct {
		name   string
		subset int
		port   uint32
		want   string
	}{
		{"top", analyze.NoSubset, 80, "SIMPLE at spec.trafficPolicy.tls"},
		{"port", analyze.NoSubset, 81, "DISABLE at spec.trafficPolicy.portLevelSettings[0].tls"},
		{"port without tls", analyze.NoSubset, 82, "none"},
		{"subset without policy", 0, 80, "SIMPLE at spec.trafficPolicy.tls"},
		{"subset over port", 1, 81, "ISTIO_MUTUAL at spec.subsets[1].trafficPolicy.tls"},
		{"port of subset without tls", 1, 80, "none"},
	} {
		got := "none"
		if tls, at := rule.TLS(test.subset, test.port); tls != nil {
			got = tls.GetMode().String() + " at " + at.String()
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
