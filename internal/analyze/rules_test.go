package analyze_test

import (
	"fmt"
	"slices"
	"testing"
)

// TestRulesFor_Order looks where istiod does: with the client, the service, and at the root.
func TestRulesFor_Order(t *testing.T) {
	rule := func(name, namespace, host, more string) string {
		return fmt.Sprintf("apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: %s, namespace: %s}\nspec: {host: %q%s}\n---\n", name, namespace, host, more)
	}
	const cart = "cart.shop.svc.cluster.local"
	service := "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n---\n"
	all := service + rule("root", "istio-system", "*.local", "") + rule("exact", "shop", cart, "") + rule("also", "shop", "cart", "") +
		rule("hidden", "shop", "cart", `, exportTo: ["."]`) + rule("mine", "bank", "*.svc.cluster.local", "") + rule("away", "web", cart, `, exportTo: [bank]`)
	mesh := meshOf(t, all)
	for client, want := range map[string][]string{
		"shop":  {"also", "exact", "hidden"}, // all of its own, merged
		"bank":  {"mine"},                    // its own comes first, however wide
		"web":   {"also", "exact"},           // its own is not for itself
		"other": {"also", "exact"},
	} {
		var got []string
		for _, rule := range mesh.RulesFor(client, cart) {
			got = append(got, rule.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s follows %v, want %v", client, got, want)
		}
	}
}
