package profiles

import (
	"maps"
	"slices"
)

// schema says what may stand at a place of the configuration. The tables in
// schema_*.go are made of it; those for Kubernetes and mesh settings are derived
// from the Go types of their APIs.
type schema struct {
	shape  shape
	fields func() map[string]*schema // of an object
	item   *schema                   // of a list or dictionary
	enum   []string                  // the words allowed, "" among them if that is
	check  func(text string) string  // what the text of a scalar ought to be, "" if it is that

	meaning   string // one line for people, without a full stop
	fallback  string // the default as YAML, "" if there is none; charts say the same
	foreign   string // the type of Kubernetes that this is: Affinity
	isMessage bool   // is MeshConfig

	instead   string                  // deprecated, and what to use in its place
	pointless bool                    // accepted for old files, without effect
	removed   string                  // no longer accepted, and what to do about it
	moved     string                  // the setting that has taken its place
	hidden    bool                    // another spelling of a field, not to be proposed
	elsewhere func(key string) string // where an unknown field of an object might belong, "" if nowhere
	rivals    func() [][]string       // of an object: fields of which only one may be set
}

// shape is the sort of value a schema accepts.
type shape int

const (
	anything   shape = iota
	boolean          // true, false
	integer          // a whole number
	decimal          // any number
	text             // a string; numbers and booleans are taken as they were written
	word             // any scalar, kept as it is
	dictionary       // a mapping with keys of the user's choice
	object           // a mapping with known fields
	sequence         // a list
)

func (s shape) String() string {
	return [...]string{"anything", "a boolean", "an integer", "a number", "text", "a single value", "a mapping", "a mapping", "a list"}[s]
}

func is(s shape) *schema                 { return &schema{shape: s} }
func oneOf(words ...string) *schema      { return &schema{shape: text, enum: words} }
func textThat(f checkFunc) *schema       { return &schema{shape: text, check: f} }
func listOf(item *schema) *schema        { return &schema{shape: sequence, item: item} }
func mapOf(item *schema) *schema         { return &schema{shape: dictionary, item: item} }
func objectOf(fields fieldTable) *schema { return &schema{shape: object, fields: fields.get} }
func deprecated(instead string) *schema  { return &schema{instead: instead} }
func removed(what string) *schema        { return &schema{removed: what} }
func moved(to string) *schema            { return &schema{moved: to} }
func pointless() *schema                 { return &schema{pointless: true} }

// by is the schema with a default.
func (s *schema) by(fallback string) *schema {
	found := *s
	found.fallback = fallback
	return &found
}

// says is the schema with its meaning, one line for people.
func (s *schema) says(meaning string) *schema {
	found := *s
	found.meaning = meaning
	return &found
}

// switchable is an object that can be switched on, with what that means.
func switchable(enabled, meaning string, more fieldTable) *schema {
	return objectOf(more.and(fieldTable{"enabled": is(boolean).by(enabled).says(meaning)}))
}

func lazy(fields func() fieldTable) *schema {
	return &schema{shape: object, fields: func() map[string]*schema { return fields() }}
}

type (
	checkFunc  = func(text string) string
	fieldTable map[string]*schema
)

func (t fieldTable) get() map[string]*schema { return t }

// and is the table with another one added to it.
func (t fieldTable) and(more fieldTable) fieldTable {
	all := make(fieldTable, len(t)+len(more))
	for _, table := range []fieldTable{t, more} {
		maps.Copy(all, table)
	}
	return all
}

// names are the fields worth proposing to the user, sorted.
func (s *schema) names() []string {
	var names []string
	for name, field := range s.fields() {
		if !field.retired() && !field.hidden {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// retired reports whether a setting is of former times.
func (s *schema) retired() bool {
	return s.instead != "" || s.pointless || s.removed != "" || s.moved != ""
}

func sortedFields(fields map[string]*schema) []string { return slices.Sorted(maps.Keys(fields)) }
