package object

import (
	"bytes"
	"strings"
)

// value reads what follows a key or a dash, and goes to the line after it. at
// is where it starts; indent is that of the mapping or list it is in.
func (p *Parser) value(at, indent int, ofMapping bool) (Node, bool) {
	if at == p.end || p.text[at] == '#' {
		return p.below(indent, ofMapping)
	}
	switch c := p.text[at]; c {
	case '|':
		return p.literal(at, indent)
	case '{', '[':
		p.flowIndent = indent
		node, end, ok := p.flow(at, 0)
		return node, ok && p.ends(end) && p.leave(indent)
	case '"', '\'':
		node, end, ok := p.quoted(at)
		return node, ok && p.ends(end) && p.leave(indent)
	}
	node, ok := p.plain(at)
	return node, ok && p.leave(indent)
}

// leave goes to the next line, which must not go on with the scalar.
func (p *Parser) leave(indent int) bool {
	return p.advance() && (p.done || p.indent <= indent)
}

// ends says whether nothing but a comment follows on the line.
func (p *Parser) ends(at int) bool {
	rest := p.text[at:p.end]
	trimmed := bytes.TrimLeft(rest, " ")
	return len(trimmed) == 0 || trimmed[0] == '#' && len(trimmed) < len(rest)
}

// below reads the value of a key, or dash, with nothing behind it.
func (p *Parser) below(indent int, ofMapping bool) (Node, bool) {
	at := p.end
	if !p.advance() {
		return Node{}, false
	}
	if !p.done && (p.indent > indent || ofMapping && p.indent == indent && p.isItem()) {
		if !p.isItem() {
			if _, _, ok := p.key(); !ok {
				return Node{}, false // a scalar on a line of its own
			}
		}
		return p.block()
	}
	return Node{Start: at, KeyStart: at, End: at}, true
}

// plain reads an unquoted scalar.
func (p *Parser) plain(at int) (Node, bool) {
	if strings.IndexByte("&*!%@`>,]}?#|", p.text[at]) >= 0 {
		return Node{}, false
	}
	end := p.end
	for i := at; i < end; i++ {
		switch p.text[i] {
		case ':':
			if i+1 == p.end || p.text[i+1] == ' ' {
				return Node{}, false
			}
		case '#':
			if p.text[i-1] == ' ' {
				end = i
			}
		}
	}
	for end > at && p.text[end-1] == ' ' {
		end--
	}
	if p.text[at] == '-' && (at+1 == end || p.text[at+1] == ' ') {
		return Node{}, false
	}
	kind, text := plainScalar(p.shared[at:end])
	return Node{Kind: kind, Text: text, Start: at, KeyStart: at, End: end}, true
}

// quoted reads a scalar in quotes that ends on the line and has no escapes.
func (p *Parser) quoted(at int) (node Node, end int, ok bool) {
	mark := p.text[at]
	length := bytes.IndexByte(p.text[at+1:p.end], mark)
	if length < 0 {
		return Node{}, 0, false
	}
	end = at + 1 + length
	text := p.shared[at+1 : end]
	if mark == '"' && strings.IndexByte(text, '\\') >= 0 || end+1 < p.end && p.text[end+1] == mark {
		return Node{}, 0, false
	}
	return Node{Kind: StringNode, Text: text, Start: at, KeyStart: at, End: end + 1}, end + 1, true
}

// flow reads a mapping or list in brackets, which may go on over lines.
func (p *Parser) flow(at, depth int) (node Node, end int, ok bool) {
	const deep = 16
	open := p.text[at]
	node = Node{Kind: MapNode, Start: at, KeyStart: at, End: at}
	closing := byte('}')
	if open == '[' {
		node.Kind, closing = ListNode, ']'
	}
	mark := len(p.pending)
	for at, ok = p.within(at + 1); ok && depth < deep; {
		if p.text[at] == closing {
			p.close(&node, mark)
			return node, at + 1, true
		}
		child, next, ok := p.entry(at, depth, node.Kind == MapNode)
		if !ok || node.Kind == MapNode && p.hasPending(mark, child.Key) {
			return node, 0, false
		}
		p.pending = append(p.pending, child)
		if at, ok = p.within(next); ok && p.text[at] == ',' {
			at, ok = p.within(at + 1)
		} else if !ok || p.text[at] != closing {
			return node, 0, false
		}
		if !ok {
			return node, 0, false
		}
	}
	return node, 0, false
}

// within is where something follows between brackets, on this line or a later one.
func (p *Parser) within(at int) (next int, ok bool) {
	at = p.blanks(at)
	if at < p.end && (p.text[at] != '#' || p.text[at-1] != ' ') {
		return at, true
	}
	if !p.advance() || p.done {
		return at, false
	}
	// Further left it would be read, too, but hardly as it was meant.
	closes := p.text[p.start] == ']' || p.text[p.start] == '}'
	return p.start, p.indent > p.flowIndent || p.indent == p.flowIndent && closes
}

func (p *Parser) blanks(at int) int {
	for at < p.end && p.text[at] == ' ' {
		at++
	}
	return at
}

// entry reads a field or an item in brackets.
func (p *Parser) entry(at, depth int, field bool) (child Node, end int, ok bool) {
	keyStart, key := at, ""
	if field {
		if key, at, ok = p.flowKey(at); !ok {
			return child, 0, false
		}
	}
	switch p.text[at] {
	case '{', '[':
		child, end, ok = p.flow(at, depth+1)
	case '"', '\'':
		child, end, ok = p.quoted(at)
	default:
		child, end, ok = p.flowPlain(at)
	}
	if child.Key = key; field {
		child.KeyStart = keyStart
	}
	return child, end, ok
}

// flowKey reads a key between brackets, and says where its value starts, which is
// on the same line. Only behind quotes may it start right after the colon.
func (p *Parser) flowKey(at int) (key string, value int, ok bool) {
	start, quoted := at, p.text[at] == '"'
	if quoted {
		name, end, ok := p.quoted(at)
		if !ok || name.Text == "" {
			return "", 0, false
		}
		key, at = name.Text, end
	} else {
		for at < p.end && isKeyByte(p.text[at]) {
			at++
		}
		key = p.shared[start:at]
		kind, text := plainScalar(key)
		if kind != StringNode && (kind != NumberNode || text != key) || key[0] == '-' {
			return "", 0, false
		}
	}
	if len(key) > longestKey || at+1 >= p.end || p.text[at] != ':' || !quoted && p.text[at+1] != ' ' {
		return "", 0, false
	}
	value = p.blanks(at + 1)
	return key, value, value < p.end
}

// flowPlain reads a scalar of the plainest kind: others have rules of their own
// between brackets.
func (p *Parser) flowPlain(at int) (node Node, end int, ok bool) {
	end = at
	for end < p.end && (isKeyByte(p.text[end]) || strings.IndexByte("*$()=", p.text[end]) >= 0) {
		end++
	}
	if end == at || end == p.end || p.text[at] == '-' && end == at+1 || p.text[at] == '*' || p.text[at] == '=' {
		return Node{}, 0, false
	}
	if c := p.text[end]; c != ',' && c != ']' && c != '}' {
		return Node{}, 0, false
	}
	kind, text := plainScalar(p.shared[at:end])
	return Node{Kind: kind, Text: text, Start: at, KeyStart: at, End: end}, end, true
}

// literal reads a block of lines after a bar.
func (p *Parser) literal(at, indent int) (Node, bool) {
	header := string(p.text[at:p.end])
	if header != "|" && header != "|-" {
		return Node{}, false
	}
	node := Node{Kind: StringNode, Start: at, KeyStart: at, End: p.end}
	var text strings.Builder
	width, blank := 0, 0
	for p.next < len(p.text) {
		start := p.next
		end := lineEnd(p.text, start)
		content := start
		for content < end && p.text[content] == ' ' {
			content++
		}
		if content == end {
			if width == 0 || content-start > width {
				return node, false // how far this is indented takes more rules
			}
			blank++
			p.next = end + 1
			continue
		}
		if content-start <= indent || width > 0 && content-start < width {
			break
		}
		if width == 0 {
			width = content - start
		}
		text.WriteString(strings.Repeat("\n", blank))
		blank = 0
		text.Write(p.text[start+width : end])
		text.WriteByte('\n')
		p.next = end + 1
	}
	if width == 0 {
		return node, false
	}
	if node.Text = text.String(); header == "|-" || p.next > len(p.text) && p.text[len(p.text)-1] != '\n' && blank == 0 {
		node.Text = strings.TrimSuffix(node.Text, "\n")
	}
	return node, p.leave(indent)
}
