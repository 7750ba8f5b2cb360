package inject

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// listItem is an item of a list in the text: its lines, with the comments above it.
type listItem struct {
	node *yaml.Node
	// first is the line of its first comment, dash that of its dash, and end the
	// line after it. limit is where the next thing starts.
	first, dash, end, limit int
}

// items finds the items of a list. It is false when they do not stand on lines
// of their own.
func (e *editor) items(list *yaml.Node, limit int) ([]listItem, bool) {
	items := make([]listItem, len(list.Content))
	for i, node := range list.Content {
		item := listItem{node: node, dash: node.Line, limit: limit}
		// The dash may stand on a line of its own, above the item.
		for !e.hasDash(item.dash, list.Column-1) {
			if item.dash--; item.dash < list.Line || i > 0 && item.dash <= items[i-1].dash {
				return nil, false
			}
		}
		item.first = item.dash
		if i > 0 {
			last := &items[i-1]
			last.limit = item.dash
			last.end = e.endOf(last.dash, item.dash, list.Column+1)
			item.first = last.end
		}
		items[i] = item
	}
	last := &items[len(items)-1]
	last.end = e.endOf(last.dash, limit, list.Column+1)
	return items, true
}

// hasDash says whether the first thing on a line is a dash at a column, from 0.
func (e *editor) hasDash(line, column int) bool {
	text := e.lineText(line)
	return len(text) > column && text[column] == '-' && strings.TrimLeft(text[:column], " ") == "" &&
		(len(text) == column+1 || text[column+1] == ' ')
}

// changeItems edits a list item by item.
func (e *editor) changeItems(list *yaml.Node, limit int, before, after []any) {
	items, ok := e.items(list, limit)
	if !ok || len(items) != len(before) {
		e.failed = true
		return
	}
	sources := match(before, after)
	if inOrder(sources, len(before)) {
		e.insertItems(list, items, sources, before, after)
		return
	}
	// An item may go, and with it an anchor, or move behind what relies on it.
	e.failed = e.failed || definesAnchor(list)
	var text strings.Builder
	outer := e.edits
	for i, source := range sources {
		if source < 0 {
			out := e.emitter()
			out.item(list.Column-1, after[i])
			text.WriteString(out.String())
			continue
		}
		e.edits = nil
		item := items[source]
		e.changeItem(list, item, before[source], after[i])
		chunk := e.apply(e.edits, e.start(item.first), e.start(item.end))
		text.Write(chunk)
		if len(chunk) > 0 && !bytes.HasSuffix(chunk, []byte("\n")) {
			text.WriteString(e.style.eol)
		}
	}
	e.edits = outer
	e.replace(e.start(items[0].first), e.start(items[len(items)-1].end), text.String())
}

// insertItems puts new items between those that are there.
func (e *editor) insertItems(list *yaml.Node, items []listItem, sources []int, before, after []any) {
	at := e.start(items[0].first)
	for i, source := range sources {
		if source < 0 {
			out := e.emitter()
			out.item(list.Column-1, after[i])
			e.replace(at, at, out.String())
			continue
		}
		e.changeItem(list, items[source], before[source], after[i])
		at = e.start(items[source].end)
	}
}

func (e *editor) changeItem(list *yaml.Node, item listItem, before, after any) {
	if equalFields(before, after) {
		return
	}
	if canEdit(item.node, before, after) {
		e.change(item.node, item.limit, before, after)
		return
	}
	whole, err := valueOf(item.node)
	e.failed = e.failed || err != nil || definesAnchor(item.node)
	out := e.emitter()
	out.item(list.Column-1, carry(whole, before, after))
	e.replace(e.start(item.dash), e.start(item.end), out.String())
}

// match finds for each item of after the one of before that it comes from, -1 for new ones.
func match(before, after []any) []int {
	sources := make([]int, len(after))
	used := make([]bool, len(before))
	for i, item := range after {
		sources[i] = -1
		for j, old := range before {
			if !used[j] && identity(old) == identity(item) && (identity(item) != "" || equalFields(old, item)) {
				sources[i], used[j] = j, true
				break
			}
		}
	}
	return sources
}

// identity is what an item of a list in a pod is known by, "" for plain values.
func identity(item any) string {
	fields, _ := item.(map[string]any)
	for _, key := range []string{"name", "mountPath", "containerPort", "ip", "devicePath"} {
		if value, ok := fields[key]; ok {
			return key + "=" + scalarText(value)
		}
	}
	return ""
}

// inOrder says whether all n old items are kept in their order.
func inOrder(sources []int, n int) bool {
	next := 0
	for _, source := range sources {
		if source < 0 {
			continue
		}
		if source != next {
			return false
		}
		next++
	}
	return next == n
}
