package analyze_test

import (
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

func meshOf(t *testing.T, text string) *analyze.Mesh {
	t.Helper()
	mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("mesh.yaml", []byte(text)), Complete: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range mesh.Unread() {
		t.Error(err)
	}
	return mesh
}

// gateway is a Gateway with one server.
func gateway(name, selector, server string) string {
	return fmt.Sprintf("apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: %s, namespace: x}\nspec: {selector: %s, servers: [%s]}\n---\n", name, selector, server)
}

func TestLosses(t *testing.T) {
	const (
		http  = `{hosts: [a.test], port: {number: 80, name: http, protocol: HTTP}}`
		grpc  = `{hosts: [a.test], port: {number: 80, name: grpc, protocol: GRPC}}`
		tcp   = `{hosts: [a.test], port: {number: 80, name: tcp, protocol: TCP}}`
		bound = `{hosts: [a.test], bind: 10.0.0.1, port: {number: 80, name: tcp, protocol: TCP}}`
		tls   = `{hosts: [a.test], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: a}}`
		other = `{hosts: [b.test], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: a}}`
		named = `{hosts: [shop/a.test], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: a}}`
		plain = `{hosts: [c.test], port: {number: 443, name: http, protocol: HTTP}}`
		inner = `{hosts: [a.test], port: {number: 8443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: a}}`
		moved = `{hosts: [a.test], port: {number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}}`
		wider = `{hosts: [a.test, b.test], port: {number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}}`
	)
	const front = `apiVersion: v1
kind: Pod
metadata: {name: gw, namespace: x, labels: {gw: a, more: b}}
spec: {containers: [{name: c, ports: [{name: tls, containerPort: 8443}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: gw, namespace: x}
spec: {selector: {gw: a}, ports: [{name: tls, port: 443, targetPort: tls}, {name: http, port: 80}]}
---
`
	tests := map[string]struct {
		text string
		want []string
	}{
		"plain HTTP is merged":             {gateway("a", "{gw: a}", http) + gateway("b", "{gw: a}", grpc), nil},
		"TCP after HTTP":                   {gateway("a", "{gw: a}", http) + gateway("b", "{gw: a}", tcp), []string{"b loses to a: protocol"}},
		"TCP after TCP":                    {gateway("a", "{gw: a}", tcp) + gateway("b", "{gw: a}", tcp), []string{"b loses to a: protocol"}},
		"TCP on another address":           {gateway("a", "{gw: a}", tcp) + gateway("b", "{gw: a}", bound), nil},
		"the same host":                    {gateway("a", "{gw: a}", tls) + gateway("b", "{gw: a}", tls), []string{"b loses to a: host a.test"}},
		"the same host, for one namespace": {gateway("a", "{gw: a}", tls) + gateway("b", "{gw: a}", named), []string{"b loses to a: name a.test"}},
		"another host":                     {gateway("a", "{gw: a}", tls) + gateway("b", "{gw: a}", other), nil},
		"no TLS after TLS":                 {gateway("a", "{gw: a}", tls) + gateway("b", "{gw: a}", plain), []string{"b loses to a: protocol"}},
		"TLS after no TLS":                 {gateway("a", "{gw: a}", plain) + gateway("b", "{gw: a}", tls), []string{"b loses to a: protocol"}},
		"redirects alike":                  {gateway("a", "{gw: a}", moved) + gateway("b", "{gw: a}", moved), nil},
		"a redirect of more":               {gateway("a", "{gw: a}", moved) + gateway("b", "{gw: a}", wider), []string{"b loses to a: host a.test"}},
		"other workloads":                  {gateway("a", "{gw: a}", tls) + gateway("b", "{gw: b}", tls), nil},
		"a part of the workloads":          {gateway("a", "{gw: a}", tls) + gateway("b", "{gw: a, more: b}", tls), []string{"b loses to a: host a.test"}},
		"all workloads":                    {gateway("b", "{}", tls) + gateway("a", "{more: b}", tls), []string{"b loses to a: host a.test"}},
		"a Service between":                {front + gateway("a", "{gw: a}", tls) + gateway("b", "{more: b}", inner), []string{"b loses to a: host a.test"}},
		"the oldest first": {
			strings.Replace(gateway("a", "{gw: a}", tls), "namespace: x", "namespace: x, creationTimestamp: 2026-01-02T00:00:00Z", 1) +
				strings.Replace(gateway("b", "{gw: a}", tls), "namespace: x", "namespace: x, creationTimestamp: 2026-01-01T00:00:00Z", 1),
			[]string{"a loses to b: host a.test"},
		},
	}
	reasons := map[analyze.LossReason]string{analyze.SameHost: "host", analyze.SameName: "name", analyze.OtherProtocol: "protocol"}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, loss := range meshOf(t, test.text).Losses() {
				text := loss.Loser.Gateway.Name + " loses to " + loss.Winner.Gateway.Name + ": " + reasons[loss.Reason]
				for _, host := range loss.Hosts {
					text += " " + host.Host
				}
				got = append(got, text)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
