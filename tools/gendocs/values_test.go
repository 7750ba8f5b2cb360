package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

func TestValuesPage(t *testing.T) {
	page, err := valuesPage([]profiles.Key{
		{Path: []string{"hub"}, Type: "text", Meaning: "Registry <of> `a|b`"},
		{Path: []string{"values", "pilot", "autoscaleMax"}, Type: "integer", Default: "5", Meaning: "Most replicas"},
		{Path: []string{"values", "pilot", "resources"}, Type: "ResourceRequirements", Default: "{requests: {cpu: 500m, memory: 2048Mi}, limits: {cpu: 1}}", Meaning: "Resources"},
		{Path: []string{"values", "global", "proxy", "tracer"}, Type: "text", Words: []string{"", "none", "zipkin"}, Default: "none", Meaning: "Tracer"},
		{Path: []string{"values", "mixer"}, Status: profiles.Removed, Instead: "no Mixer"},
		{Path: []string{"values", "policy"}, Status: profiles.Removed, Instead: "no Mixer"},
		{Path: []string{"values", "global", "jwtPolicy"}, Status: profiles.Pointless},
		{Path: []string{"values", "global", "enableTracing"}, Status: profiles.Deprecated, Instead: "spec.meshConfig.enableTracing"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## The spec\n\n| setting | type | default | meaning |\n|---|---|---|---|\n| `hub` | text |  | Registry &lt;of> `a\\|b` |\n",
		"## istiod\n\n`values.pilot`\n",
		"| `autoscaleMax` | integer | `5` | Most replicas |\n",
		"| `resources` | ResourceRequirements | below | Resources |\n",
		"```yaml\nresources:\n  limits:\n    cpu: 1\n",
		"## Proxies\n\n`values.global.proxy`\n",
		"| `tracer` | `none`, `zipkin` | `none` | Tracer |\n",
		"| `values.mixer`<br>`values.policy` | no Mixer |\n",
		"| `values.global.jwtPolicy` |\n",
		"| `values.global.enableTracing` | spec.meshConfig.enableTracing |\n",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("not in the page:\n%s", want)
		}
	}
	if strings.Contains(string(page), "## Waypoints") {
		t.Error("there is an empty section")
	}
}

// Every setting that users may set is on the page of the real schema.
func TestValuesPage_HasEverySetting(t *testing.T) {
	keys, err := profiles.Reference(manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	sections := valuesSections(keys)
	listed := 0
	for _, s := range sections {
		if len(s.keys) == 0 {
			t.Errorf("section %q is empty", s.title)
		}
		listed += len(s.keys)
	}
	if listed < 300 {
		t.Errorf("only %d settings are listed", listed)
	}
}

func TestPutFile_ChecksAndWrites(t *testing.T) {
	name := filepath.Join(t.TempDir(), "values.md")
	if err := putFile(name, []byte("new"), true); err == nil {
		t.Error("a file that is missing passes the check")
	}
	if err := putFile(name, []byte("new"), false); err != nil {
		t.Fatal(err)
	}
	if err := putFile(name, []byte("new"), true); err != nil {
		t.Errorf("a fresh file: %v", err)
	}
	if err := putFile(name, []byte("other"), true); err == nil || !strings.Contains(err.Error(), "is stale") {
		t.Errorf("a stale file: %v", err)
	}
	if text, _ := os.ReadFile(name); string(text) != "new" {
		t.Error("the check changed the file")
	}
}
