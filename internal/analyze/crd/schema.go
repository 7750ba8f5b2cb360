package crd

import (
	"encoding/json"
	"regexp"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/internal/object"
)

// Schema says what a value of a custom resource can be. It is safe for
// concurrent use once it is prepared.
type Schema struct {
	Type        string          `json:"type"`
	Format      string          `json:"format"`
	Nullable    bool            `json:"nullable"`
	Default     json.RawMessage `json:"default"`
	IntOrString bool            `json:"x-kubernetes-int-or-string"`
	Preserve    bool            `json:"x-kubernetes-preserve-unknown-fields"`
	Embedded    bool            `json:"x-kubernetes-embedded-resource"`

	Properties    map[string]*Schema `json:"properties"`
	Additional    *orBool            `json:"additionalProperties"`
	Required      []string           `json:"required"`
	MinProperties *int               `json:"minProperties"`
	MaxProperties *int               `json:"maxProperties"`

	Items    *Schema  `json:"items"`
	MinItems *int     `json:"minItems"`
	MaxItems *int     `json:"maxItems"`
	Unique   bool     `json:"uniqueItems"`
	ListType string   `json:"x-kubernetes-list-type"`
	MapKeys  []string `json:"x-kubernetes-list-map-keys"`

	Enum       []any    `json:"enum"`
	Pattern    string   `json:"pattern"`
	MinLength  *int     `json:"minLength"`
	MaxLength  *int     `json:"maxLength"`
	Minimum    *float64 `json:"minimum"`
	Maximum    *float64 `json:"maximum"`
	OpenBelow  bool     `json:"exclusiveMinimum"`
	OpenAbove  bool     `json:"exclusiveMaximum"`
	MultipleOf *float64 `json:"multipleOf"`

	AllOf []*Schema `json:"allOf"`
	AnyOf []*Schema `json:"anyOf"`
	OneOf []*Schema `json:"oneOf"`
	Not   *Schema   `json:"not"`

	Rules []*Rule `json:"x-kubernetes-validations"`

	pattern  *regexp.Regexp
	initial  *object.Node // the default
	names    []string     // of properties, in order
	required bool         // it or something below it has rules
	defaults bool         // something below it has a default
}

// Rule is a rule of the schema in the Common Expression Language.
type Rule struct {
	Text              string `json:"rule"`
	Message           string `json:"message"`
	MessageExpression string `json:"messageExpression"`
	FieldPath         string `json:"fieldPath"`

	program lazyRule
}

// orBool is a schema, or true for anything.
type orBool struct{ *Schema }

// UnmarshalJSON implements json.Unmarshaler.
func (o *orBool) UnmarshalJSON(text []byte) error {
	if text[0] != '{' {
		return nil
	}
	o.Schema = &Schema{}
	return json.Unmarshal(text, o.Schema)
}

// preparer turns what was read into what is walked.
type preparer struct {
	engine   *cel.Engine
	patterns map[string]*regexp.Regexp
}

// prepare completes a schema and all below it. It also makes those parts equal
// that the API server treats alike.
func (p *preparer) prepare(s *Schema) {
	if s == nil {
		return
	}
	p.scalars(s)
	for name, property := range s.Properties {
		p.prepare(property)
		s.names = append(s.names, name)
		s.inherit(property)
		s.defaults = s.defaults || property.Default != nil
	}
	slices.Sort(s.names)
	if s.Additional != nil {
		p.prepare(s.Additional.Schema)
		s.inherit(s.Additional.Schema)
	}
	p.prepare(s.Items)
	s.inherit(s.Items)
	for _, nested := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf, []*Schema{s.Not}) {
		p.prepare(nested)
	}
	for _, nested := range s.AllOf {
		s.required = s.required || nested.required
	}
	for _, rule := range s.Rules {
		rule.program.engine = p.engine
	}
	s.required = s.required || len(s.Rules) > 0
}

// scalars prepares what the schema says of single values.
func (p *preparer) scalars(s *Schema) {
	if s.Pattern != "" {
		if _, ok := p.patterns[s.Pattern]; !ok {
			compiled, err := regexp.Compile(s.Pattern)
			if err != nil {
				compiled = nil // the API server would not have taken the definition
			}
			p.patterns[s.Pattern] = compiled
		}
		s.pattern = p.patterns[s.Pattern]
	}
	if string(s.Default) == "null" {
		s.Default = nil
	}
	if s.Default != nil {
		if initial, err := object.Parse(s.Default); err == nil {
			s.initial = &initial
		}
	}
}

// inherit notes what is below the schema.
func (s *Schema) inherit(below *Schema) {
	if below != nil {
		s.required = s.required || below.required
		s.defaults = s.defaults || below.defaults || below.Default != nil
	}
}

// field is the schema of a field; nil if there is none for it.
func (s *Schema) field(name string) *Schema {
	if property, ok := s.Properties[name]; ok {
		return property
	}
	if s.Additional != nil {
		return s.Additional.Schema
	}
	return nil
}

// open says whether fields that the schema does not name are kept.
func (s *Schema) open() bool { return s.Preserve || s.Additional != nil }
