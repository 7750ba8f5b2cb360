package inject

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshctl/meshctl/internal/object"
)

// valueOf is what a YAML node means to Kubernetes, which reads YAML 1.1: maps of
// strings, lists, strings, bools, int64 and float64.
func valueOf(node *yaml.Node) (any, error) { return values{}.of(node) }

// values are new ones for some nodes of a document.
type values map[*yaml.Node]any

func (v values) of(node *yaml.Node) (any, error) {
	if value, ok := v[node]; ok {
		return value, nil
	}
	switch node.Kind {
	case yaml.DocumentNode:
		return v.of(node.Content[0])
	case yaml.AliasNode:
		return v.of(node.Alias)
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			value, err := v.of(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case yaml.MappingNode:
		return v.ofMap(node)
	}
	return scalarOf(node)
}

func (v values) ofMap(node *yaml.Node) (any, error) {
	fields := make(map[string]any, len(node.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, content := node.Content[i], node.Content[i+1]
		if key.Tag == "!!merge" {
			merged = append(merged, content)
			continue
		}
		if _, known := fields[key.Value]; known {
			return nil, twice(key)
		}
		value, err := v.of(content)
		if err != nil {
			return nil, err
		}
		fields[key.Value] = value
	}
	for _, content := range merged {
		value, err := v.of(content)
		if err != nil {
			return nil, err
		}
		sources, ok := value.([]any)
		if !ok {
			sources = []any{value}
		}
		for _, source := range sources {
			more, _ := source.(map[string]any)
			for key, value := range more {
				if _, own := fields[key]; !own {
					fields[key] = value
				}
			}
		}
	}
	return fields, nil
}

func scalarOf(node *yaml.Node) (any, error) {
	switch node.ShortTag() {
	case "!!str", "!!timestamp", "!!binary":
		if node.Style == 0 {
			if on, ok := oldBool(node.Value); ok {
				return on, nil
			}
		}
		return node.Value, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		return strings.EqualFold(node.Value, "true"), nil
	case "!!int":
		var whole int64
		if err := node.Decode(&whole); err == nil {
			return whole, nil
		}
	}
	var number float64
	if err := node.Decode(&number); err != nil {
		return nil, &object.ParseError{Line: node.Line, Err: err}
	}
	return number, nil
}

// oldBool knows the words for true and false that only YAML 1.1 has.
func oldBool(word string) (value, ok bool) {
	switch word {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}

// nameKeys gives keys the names that they have in Kubernetes: y and on are true,
// unless they are quoted.
func nameKeys(node *yaml.Node) {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 && child.Kind == yaml.ScalarNode && child.Style == 0 {
			if on, ok := oldBool(child.Value); ok {
				child.Value = strconv.FormatBool(on)
			}
		}
		nameKeys(child)
	}
}

// repeated is the error of a field that a mapping has twice.
func repeated(node *yaml.Node) error {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 {
			for j := 0; j < i; j += 2 {
				if node.Content[j].Value == child.Value && child.Tag != "!!merge" {
					return twice(child)
				}
			}
		}
		if err := repeated(child); err != nil {
			return err
		}
	}
	return nil
}

func twice(key *yaml.Node) error {
	return &object.ParseError{Line: key.Line, Column: key.Column, Err: fmt.Errorf("%s is there twice", key.Value)}
}
