package inject

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/meshctl/meshctl/internal/object"
)

// isShared says whether text that stands in one place means something in others,
// too: changing it for one workload would change another.
func isShared(node *yaml.Node) bool {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return true
	}
	return node.Kind == yaml.MappingNode && slices.ContainsFunc(node.Content, func(key *yaml.Node) bool { return key.Tag == "!!merge" })
}

// maxExpansion keeps a small text from becoming a large tree, or one without end.
const maxExpansion = 100_000

// checkExpansion refuses a document whose aliases stand for too much.
func checkExpansion(root *yaml.Node) error {
	expanded := 0
	var check func(*yaml.Node) error
	check = func(node *yaml.Node) error {
		if node.Kind == yaml.AliasNode {
			if expanded += expansion(node.Alias, maxExpansion); expanded > maxExpansion {
				return &object.ParseError{Line: node.Line, Column: node.Column, Err: fmt.Errorf("its aliases expand to more than %d values", maxExpansion)}
			}
			return nil
		}
		for _, child := range node.Content {
			if err := check(child); err != nil {
				return err
			}
		}
		return nil
	}
	return check(root)
}

// expansion counts the nodes that one stands for, and stops above a limit: an
// anchor may contain itself.
func expansion(node *yaml.Node, limit int) int {
	count := 1
	if node.Kind == yaml.AliasNode && limit > 0 {
		return count + expansion(node.Alias, limit-1)
	}
	for _, child := range node.Content {
		if count > limit {
			break
		}
		count += expansion(child, limit-count)
	}
	return count
}

// definesAnchor says whether there is an anchor in a node, on which others may rely.
func definesAnchor(node *yaml.Node) bool {
	return node.Anchor != "" || slices.ContainsFunc(node.Content, definesAnchor)
}

// expanded is a copy of a node in which nothing is shared.
func expanded(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return expanded(node.Alias)
	}
	whole := *node
	whole.Anchor, whole.Content = "", nil
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			whole.Content = append(whole.Content, expanded(child))
		}
		return &whole
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], expanded(node.Content[i+1])
		switch {
		case key.Tag != "!!merge":
			whole.Content = append(whole.Content, expanded(key), value)
		case value.Kind == yaml.SequenceNode:
			merged = append(merged, value.Content...)
		default:
			merged = append(merged, value)
		}
	}
	for _, source := range merged {
		for i := 0; i+1 < len(source.Content) && source.Kind == yaml.MappingNode; i += 2 {
			if own, _ := fieldOf(&whole, 0, source.Content[i].Value); own == nil {
				whole.Content = append(whole.Content, source.Content[i], source.Content[i+1])
			}
		}
	}
	return &whole
}
