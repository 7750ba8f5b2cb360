package kwok

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestStages_AreWholeDocuments(t *testing.T) {
	content, err := Stages()
	if err != nil {
		t.Fatal(err)
	}
	documents := strings.Split(string(content), "---\n")[1:]
	if len(documents) < 8 {
		t.Errorf("%d stages", len(documents))
	}
	for _, document := range documents {
		var stage struct {
			Kind     string
			Metadata struct{ Name string }
			Spec     struct {
				Steps []any
			}
		}
		if err := yaml.UnmarshalStrict([]byte(document), &map[string]any{}); err != nil {
			t.Errorf("%v in\n%s", err, document)
			continue
		}
		if err := yaml.Unmarshal([]byte(document), &stage); err != nil {
			t.Fatal(err)
		}
		if stage.Kind != "Stage" || stage.Metadata.Name == "" || len(stage.Spec.Steps) == 0 {
			t.Errorf("not a stage: %+v", stage)
		}
		if strings.Contains(document, "${") || strings.Contains(document, "<") && strings.Contains(document, ">\n") {
			t.Errorf("%s has an open placeholder", stage.Metadata.Name)
		}
	}
}

func TestExpand_IndentsLikeTheLine(t *testing.T) {
	got, err := expand("a:\n    <initialized>\nb: 1\n")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "\n    {{ range tuple") || !strings.HasSuffix(got, "\nb: 1\n") {
		t.Errorf("expanded = %s", got)
	}
	if _, err := expand("  <no-such-partial>\n"); err == nil {
		t.Error("an unknown partial is no error")
	}
}

func TestMerge_ReplacesTheEntryOfTheSamePort(t *testing.T) {
	entries := merge(nil, Forward{Port: 80, Address: "127.0.0.1", Target: 1}.rule())
	entries = merge(entries, Forward{Port: 81, Address: "127.0.0.1", Target: 2}.rule())
	entries = merge(entries, Forward{Port: 80, Address: "127.0.0.1", Target: 3}.rule())
	if len(entries) != 2 {
		t.Fatalf("entries = %v, want 2", entries)
	}
	if target := entries[0].(object)["target"].(object)["port"]; target != 3 {
		t.Errorf("target of port 80 = %v, want 3", target)
	}
}

func TestMerge_KeepsTheOtherLogOfAContainer(t *testing.T) {
	entries := merge(nil, Log{Container: "app", File: "now"}.rule())
	entries = merge(entries, Log{Container: "app", File: "before", Previous: true}.rule())
	if len(entries) != 1 {
		t.Fatalf("entries = %v, want 1", entries)
	}
	if e := entries[0].(object); e["logsFile"] != "now" || e["previousLogsFile"] != "before" {
		t.Errorf("entry = %v", e)
	}
}
