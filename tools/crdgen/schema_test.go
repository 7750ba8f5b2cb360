package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func TestDropSchemaProse(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{
			"descriptions at every level",
			`{description: a, properties: {x: {description: b, items: {description: c, type: string}}}}`,
			`{properties: {x: {items: {type: string}}}}`,
		},
		{
			"a property named description",
			`{properties: {description: {description: a, type: string}}, required: [description]}`,
			`{properties: {description: {type: string}}, required: [description]}`,
		},
		{
			"a property named description, below one named properties",
			`{properties: {properties: {description: a, properties: {description: {type: string}}}}}`,
			`{properties: {properties: {properties: {description: {type: string}}}}}`,
		},
		{
			"a property named not",
			`{properties: {not: {description: a, type: string}}}`,
			`{properties: {not: {type: string}}}`,
		},
		{
			"values that look like schemas",
			`{default: {description: a}, enum: [{description: b}], x-kubernetes-validations: [{description: c}]}`,
			`{default: {description: a}, enum: [{description: b}], x-kubernetes-validations: [{description: c}]}`,
		},
		{
			"combined schemas",
			`{oneOf: [{description: a, not: {description: b, required: [c]}}], additionalProperties: {description: d}}`,
			`{oneOf: [{not: {required: [c]}}], additionalProperties: {}}`,
		},
		{
			"additionalProperties as a boolean",
			`{additionalProperties: true}`,
			`{additionalProperties: true}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			schema := parse(t, test.schema)
			dropSchemaProse(schema)
			if diff := cmp.Diff(decode(t, parse(t, test.want)), decode(t, schema)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// parse returns the root node of a YAML document.
func parse(t *testing.T, text string) *yaml.Node {
	t.Helper()
	roots, err := splitDocuments([]byte(text))
	if err != nil || len(roots) != 1 {
		t.Fatalf("parsing %s: %d documents, error %v", text, len(roots), err)
	}
	return roots[0]
}

func decode(t *testing.T, node *yaml.Node) any {
	t.Helper()
	var value any
	if err := node.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
