package main

import "go.yaml.in/yaml/v3"

// dropSchemaProse removes the description of a JSON schema and of every schema below
// it. It follows the keywords that hold schemas instead of searching for the word,
// because a property may be *named* description, and because default, enum and
// x-kubernetes-* hold values that must survive as they are.
func dropSchemaProse(schema *yaml.Node) {
	if schema.Kind != yaml.MappingNode {
		return // additionalProperties: true
	}
	drop(schema, "description")
	for i := 0; i < len(schema.Content); i += 2 {
		value := schema.Content[i+1]
		switch schema.Content[i].Value {
		case "properties", "patternProperties", "definitions":
			for j := 1; j < len(value.Content); j += 2 {
				dropSchemaProse(value.Content[j])
			}
		case "allOf", "anyOf", "oneOf":
			for _, alternative := range value.Content {
				dropSchemaProse(alternative)
			}
		case "items", "additionalProperties", "not":
			dropSchemaProse(value)
		}
	}
}
