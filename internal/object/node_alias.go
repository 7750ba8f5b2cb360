package object

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// maxExpansion keeps a small text from becoming a large tree, or one without end.
const maxExpansion = 100_000

// CheckAliases refuses a document whose aliases stand for too much: an anchor may
// contain itself, or ten aliases of ten aliases. The error is a *ParseError.
func CheckAliases(text []byte, root *yaml.Node) error {
	expanded := 0
	var check func(*yaml.Node) error
	check = func(y *yaml.Node) error {
		if y.Kind == yaml.AliasNode {
			if expanded += size(y.Alias, maxExpansion); expanded > maxExpansion {
				return &ParseError{Line: fileLine(text, y.Line), Column: y.Column, Err: fmt.Errorf("its aliases expand to more than %d values", maxExpansion)}
			}
			return nil
		}
		for _, child := range y.Content {
			if err := check(child); err != nil {
				return err
			}
		}
		return nil
	}
	return check(root)
}

// size counts the nodes below one, up to a limit.
func size(y *yaml.Node, limit int) int {
	count := 1
	if limit <= 0 { // also where an anchor contains itself
		return count
	}
	if y.Kind == yaml.AliasNode {
		return count + size(y.Alias, limit-1)
	}
	for _, child := range y.Content {
		if count > limit {
			break
		}
		count += size(child, limit-count)
	}
	return count
}
