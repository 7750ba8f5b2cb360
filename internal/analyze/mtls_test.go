package analyze_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
)

const workloads = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: app, image: app}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gate, namespace: istio-system}
spec: {template: {metadata: {labels: {app: gate}}, spec: {containers: [{name: app, image: app}]}}}
---
`

func TestMesh_MtlsOf(t *testing.T) {
	const policy = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
`
	root := policy + `metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---`
	for _, test := range []struct {
		name, text, namespace, want string
		port                        uint32
	}{
		{"default", "", "shop", "PERMISSIVE by nothing", 80},
		{"mesh", root, "shop", "STRICT by istio-system/default spec.mtls.mode", 80},
		{"namespace before mesh", root + policy + `metadata: {name: all, namespace: shop}
spec: {mtls: {mode: DISABLE}}`, "shop", "DISABLE by shop/all spec.mtls.mode", 80},
		{"workload that inherits", root + policy + `metadata: {name: cart, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}, portLevelMtls: {"80": {mode: PERMISSIVE}}}`, "shop", "STRICT by istio-system/default spec.mtls.mode", 81},
		{"port before workload", root + policy + `metadata: {name: cart, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}, portLevelMtls: {"80": {mode: PERMISSIVE}}}`, "shop", "PERMISSIVE by shop/cart spec.portLevelMtls.80.mode", 80},
		{"the first of two", policy + `metadata: {name: b, namespace: shop}
spec: {mtls: {mode: DISABLE}}
---` + policy + `metadata: {name: a, namespace: shop}
spec: {mtls: {mode: STRICT}}`, "shop", "STRICT by shop/a spec.mtls.mode", 80},
		{"selector in the root namespace", policy + `metadata: {name: gate, namespace: istio-system}
spec: {selector: {matchLabels: {app: gate}}, mtls: {mode: STRICT}}`, "istio-system", "PERMISSIVE by nothing", 80},
	} {
		m := mesh(t, analyze.Input{Complete: true}, workloads+test.text)
		for _, w := range m.Workloads() {
			if w.Namespace != test.namespace {
				continue
			}
			mode := m.MtlsOf(w, test.port)
			got := mode.Mode.String() + " by nothing"
			if mode.By != nil {
				got = mode.Mode.String() + " by " + mode.By.FullName() + " " + mode.Field.String()
			}
			if got != test.want {
				t.Errorf("%s: %s is %s, want %s", test.name, w, got, test.want)
			}
		}
	}
}

func TestMesh_ScopeOf(t *testing.T) {
	m := mesh(t, analyze.Input{Complete: true}, workloads+`
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: bank}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: istio-system}
spec: {egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: all, namespace: office}
spec: {egress: [{hosts: ["bank/*.svc.cluster.local"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: cart, namespace: shop}
spec:
  workloadSelector: {labels: {app: cart}}
  egress: [{hosts: ["*/pay.bank.svc.cluster.local"]}]
`)
	cart := m.AllHosts().Exact("cart.shop.svc.cluster.local")[0]
	pay := m.AllHosts().Exact("pay.bank.svc.cluster.local")[0]
	scopes := map[string]*analyze.Scope{"shop": m.ScopeIn("shop"), "office": m.ScopeIn("office")}
	for _, w := range m.Workloads() {
		if w.Name == "cart" {
			scopes["the workload"] = m.ScopeOf(w)
		}
	}
	for _, test := range []struct {
		scope string
		host  *analyze.Host
		sees  bool
	}{
		{"shop", cart, true},
		{"shop", pay, false},
		{"office", cart, false},
		{"office", pay, true},
		{"the workload", cart, false},
		{"the workload", pay, true},
	} {
		if got := scopes[test.scope].SeesHost(test.host); got != test.sees {
			t.Errorf("%s sees %s: %v, want %v", test.scope, test.host.Name, got, test.sees)
		}
	}
	if sidecar, ok := m.HiddenBy("shop", pay); !ok || sidecar.FullName() != "istio-system/default" {
		t.Errorf("what hides %s from shop is %v", pay.Name, sidecar.Resource)
	}
}
