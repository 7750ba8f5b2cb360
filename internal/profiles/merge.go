package profiles

import "maps"

// merge lays one tree over another: mappings merge, everything else (lists
// too) is replaced. A null stays in the tree, so that it also hides what a
// still lower layer says.
func merge(under, over *node) *node {
	switch {
	case over == nil:
		return under
	case under == nil || under.kind != mapping || over.kind != mapping:
		return over
	case len(over.fields) == 0:
		return under
	}
	fields := maps.Clone(under.fields)
	for name, child := range over.fields {
		fields[name] = merge(fields[name], child)
	}
	return &node{kind: mapping, fields: fields, origin: over.origin}
}

// mergeUnlessUser lays one tree over another, but leaves what the user said
// in the lower one.
func mergeUnlessUser(under, over *node) *node {
	switch {
	case over == nil:
		return under
	case under == nil:
		return over
	case under.kind != mapping || over.kind != mapping:
		if under.origin.User() {
			return under
		}
		return over
	}
	fields := maps.Clone(under.fields)
	for name, child := range over.fields {
		fields[name] = mergeUnlessUser(fields[name], child)
	}
	return &node{kind: mapping, fields: fields, origin: over.origin}
}
