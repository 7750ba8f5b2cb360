package main

import (
	"sort"

	"go.yaml.in/yaml/v3"
)

// child returns the value of a key of a mapping, or nil.
func child(mapping *yaml.Node, key string) *yaml.Node {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// scalar returns the text of a key of a mapping, or "".
func scalar(mapping *yaml.Node, key string) string {
	if value := child(mapping, key); value != nil && value.Kind == yaml.ScalarNode {
		return value.Value
	}
	return ""
}

// drop removes a key of a mapping.
func drop(mapping *yaml.Node, key string) {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = append(mapping.Content[:i], mapping.Content[i+2:]...)
			return
		}
	}
}

func newString(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// sortKeys orders the keys of every mapping. Lists keep their order: that of versions
// and of printer columns is meant.
func sortKeys(node *yaml.Node) {
	for _, below := range node.Content {
		sortKeys(below)
	}
	if node.Kind == yaml.MappingNode {
		sort.Sort(byKey(node.Content))
	}
}

// byKey sorts the content of a mapping node: keys at even places, values after them.
type byKey []*yaml.Node

func (c byKey) Len() int           { return len(c) / 2 }
func (c byKey) Less(i, j int) bool { return c[2*i].Value < c[2*j].Value }
func (c byKey) Swap(i, j int) {
	c[2*i], c[2*j] = c[2*j], c[2*i]
	c[2*i+1], c[2*j+1] = c[2*j+1], c[2*i+1]
}
