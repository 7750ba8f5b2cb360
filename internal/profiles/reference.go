package profiles

import (
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Key is one setting, as the reference of all settings tells about it.
type Key struct {
	Path    []string // below spec; "[]" stands for the elements of a list
	Type    string   // "a boolean", "a list of ServicePort"
	Words   []string // the words it may be, if there are only a few
	Default string   // as YAML, "" if there is none
	Meaning string   // one line without a full stop
	Status  Status
	Instead string // of a setting of former times: what to do in its place
}

// Status says whether a setting is of former times.
type Status int

// The statuses of a setting.
const (
	Current    Status = iota
	Deprecated        // works, with a warning
	Pointless         // accepted, without effect
	Removed           // refused
)

// Reference lists every setting there is, sorted by path. What belongs to the
// APIs of Kubernetes and to MeshConfig is named and not taken apart.
func Reference(assets fs.FS) ([]Key, error) {
	charts, err := readCharts(assets)
	if err != nil {
		return nil, err
	}
	keys := specSchema(charts).keysBelow(nil)
	notes, err := addOnNotes(assets)
	if err != nil {
		return nil, err
	}
	for i, key := range keys {
		if note, ok := notes[strings.Join(key.Path, ".")]; ok {
			keys[i].Meaning = note.meaning
			keys[i].Default = note.fallback
		}
	}
	return keys, nil
}

// keysBelow lists the settings that are not made of others.
func (s *schema) keysBelow(place []string) []Key {
	if s.retired() {
		return []Key{s.formerKey(place)}
	}
	inner := s
	for inner.shape == sequence && s.foreign == "" {
		inner, place = inner.item, below(place, "[]")
	}
	if inner.shape != object || s.foreign != "" || s.isMessage {
		for len(place) > 0 && place[len(place)-1] == "[]" {
			place = place[:len(place)-1]
		}
		return []Key{{Path: place, Type: s.describe(), Words: s.enum, Default: s.fallback, Meaning: s.meaning}}
	}
	var keys []Key
	if s != inner && s.meaning != "" {
		keys = append(keys, Key{Path: place[:len(place)-1], Type: "a list", Default: s.fallback, Meaning: s.meaning})
	}
	for _, name := range sortedFields(inner.fields()) {
		if field := inner.fields()[name]; !field.hidden {
			keys = append(keys, field.keysBelow(below(place, name))...)
		}
	}
	return keys
}

func (s *schema) formerKey(place []string) Key {
	key := Key{Path: place, Status: Removed, Instead: s.removed}
	switch {
	case s.moved != "":
		key.Instead = s.moved
	case s.instead != "":
		key.Status, key.Instead = Deprecated, s.instead
	case s.pointless:
		key.Status = Pointless
	}
	return key
}

// describe names a type for people.
func (s *schema) describe() string {
	switch {
	case s.isMessage:
		return "MeshConfig"
	case s.foreign != "" && s.shape == sequence:
		return "list of " + s.foreign
	case s.foreign != "":
		return s.foreign
	case s.shape == sequence:
		return "list of " + plural(s.item.shape)
	case s.shape == dictionary:
		return "mapping to " + plural(s.item.shape)
	}
	return [...]string{"anything", "boolean", "integer", "number", "text", "text or number", "mapping", "mapping", "list"}[s.shape]
}

func plural(s shape) string {
	return [...]string{"anything", "booleans", "integers", "numbers", "texts", "texts or numbers", "mappings", "mappings", "lists"}[s]
}

// note is what a chart's values.yaml says about a setting.
type note struct{ meaning, fallback string }

// addOnNotes reads the comments and defaults in the charts of add-ons, which
// are the schema of their settings.
func addOnNotes(assets fs.FS) (map[string]note, error) {
	notes := map[string]note{}
	for _, row := range components() {
		if !row.addOn {
			continue
		}
		text, err := fs.ReadFile(assets, path.Join(chartDir, row.chart, "values.yaml"))
		if err != nil {
			continue // no chart, so no settings either
		}
		var document yaml.Node
		if err := yaml.Unmarshal(text, &document); err != nil {
			return nil, syntaxError(err, Origin{Kind: FromChart, Name: row.chart})
		}
		for _, root := range document.Content {
			collectNotes(root, row.root[0], notes)
		}
	}
	return notes, nil
}

// collectNotes adds what a values.yaml says about the settings below a root.
func collectNotes(at *yaml.Node, root string, notes map[string]note) {
	for i := 0; i+1 < len(at.Content); i += 2 {
		if at.Content[i].Value == root {
			notesBelow(at.Content[i+1], "values."+root, notes)
		}
	}
}

func notesBelow(at *yaml.Node, place string, notes map[string]note) {
	for i := 0; i+1 < len(at.Content) && at.Kind == yaml.MappingNode; i += 2 {
		key, value := at.Content[i], at.Content[i+1]
		inner := place + "." + key.Value
		notes[inner] = note{oneLine(key.HeadComment), flow(value)}
		notesBelow(value, inner, notes)
	}
}

// oneLine is a comment as one line without a full stop.
func oneLine(comment string) string {
	var words []string
	for line := range strings.Lines(comment) {
		words = append(words, strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "#"))...)
	}
	return strings.TrimSuffix(strings.Join(words, " "), ".")
}

// flow is a short value on one line; of a long one it says nothing.
func flow(value *yaml.Node) string {
	if value.Kind == yaml.ScalarNode && strings.Contains(value.Value, "\n") {
		return ""
	}
	copied := *value
	copied.HeadComment, copied.LineComment, copied.FootComment = "", "", ""
	if value.Kind != yaml.ScalarNode {
		copied.Style = yaml.FlowStyle
	}
	text, err := yaml.Marshal(&copied)
	if err != nil || strings.Count(string(text), "\n") > 1 {
		return ""
	}
	return strings.TrimSpace(string(text))
}
