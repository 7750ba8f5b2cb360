package e2e_test

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestRules_AreTriedBothWays wants of each alert a test in which it goes off and one in which it does not.
func TestRules_AreTriedBothWays(t *testing.T) {
	t.Parallel()
	var rules struct {
		Groups []struct{ Rules []struct{ Alert string } }
	}
	read := func(file string, into any) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	read(filepath.Join(configured(t), "alerts.yml"), &rules)
	var tests struct {
		Tests []struct {
			Alerts []struct {
				Name     string `json:"alertname"`
				Expected []any  `json:"exp_alerts"`
			} `json:"alert_rule_test"`
		}
	}
	read(filepath.Join("testdata", "rules", "alerts.yaml"), &tests)
	off, quiet := map[string]bool{}, map[string]bool{}
	for _, test := range tests.Tests {
		for _, alert := range test.Alerts {
			off[alert.Name] = off[alert.Name] || len(alert.Expected) > 0
			quiet[alert.Name] = quiet[alert.Name] || len(alert.Expected) == 0
		}
	}
	found := 0
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			if found++; !off[rule.Alert] || !quiet[rule.Alert] {
				t.Errorf("%s: a test in which it goes off: %t, in which it is quiet: %t", rule.Alert, off[rule.Alert], quiet[rule.Alert])
			}
		}
	}
	if found < 7 {
		t.Errorf("there are %d alerts, fewer than 7", found)
	}
}
