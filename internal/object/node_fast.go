package object

import (
	"bytes"
	"unicode/utf8"
	"unsafe"
)

// Parser reads documents one after the other, with less work than Parse. Most
// manifests are YAML of a plain kind: block style, one line for each scalar.
// Those it reads itself; all others, and all that have errors, it leaves to the
// full parser. The zero value is ready; it is not safe for concurrent use.
type Parser struct {
	text   []byte
	shared string // text as a string: keys and scalars are parts of it

	// The current line: where its content starts and ends, and how far it is indented.
	start, end, indent int
	next               int // where the next line starts
	done               bool

	depth      int
	flowIndent int    // of what holds the brackets that are being read
	pending    []Node // the children of nodes that are not complete yet
	arena      []Node // the children of those that are
}

// Parse reads one document. The node is good until the next call; its texts
// share the memory of text, which must not change.
func (p *Parser) Parse(text []byte) (Node, error) {
	if node, ok := p.ParsePlain(text); ok {
		return node, nil
	}
	return Parse(text)
}

// ParsePlain reads a document of the plain kind like Parse, and is false for all others.
func (p *Parser) ParsePlain(text []byte) (Node, bool) {
	if len(text) == 0 || !plainText(text) {
		return Node{}, false
	}
	*p = Parser{text: text, shared: unsafe.String(&text[0], len(text)), pending: p.pending[:0], arena: p.arena[:0]}
	if !p.advance() || p.done {
		return Node{}, false
	}
	node, ok := p.block()
	return node, ok && p.done
}

// plainText rules out what makes lines or columns hard to count.
func plainText(text []byte) bool {
	ascii := true
	for _, c := range text {
		if c < ' ' && c != '\n' || c == 0x7F {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return true
	}
	for _, lineBreak := range []string{"\u0085", "\u2028", "\u2029", "\uFEFF"} {
		if bytes.Contains(text, []byte(lineBreak)) {
			return false
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError || r >= 0x80 && r < 0xA0 || r == 0xFFFE || r == 0xFFFF {
			return false
		}
		i += size
	}
	return true
}

// advance goes to the next line that holds more than a comment. It fails at
// lines that mean something to the stream and not to the document.
func (p *Parser) advance() bool {
	for p.next < len(p.text) {
		start := p.next
		end := bytes.IndexByte(p.text[start:], '\n')
		if end < 0 {
			end = len(p.text)
		} else {
			end += start
		}
		p.next = end + 1
		content := start
		for content < end && p.text[content] == ' ' {
			content++
		}
		for end > content && p.text[end-1] == ' ' {
			end--
		}
		if content == end || p.text[content] == '#' {
			continue
		}
		p.start, p.end, p.indent = content, end, content-start
		c := p.text[content]
		return c != '%' && (p.indent > 0 || !isSeparator(p.text[content:end]))
	}
	p.done = true
	return true
}

// block reads the mapping or list that begins on the current line.
func (p *Parser) block() (Node, bool) {
	if p.depth++; p.depth > maxDepth/2 {
		return Node{}, false
	}
	defer func() { p.depth-- }()
	if p.isItem() {
		return p.list(p.indent)
	}
	return p.mapping(p.indent)
}

// isItem says whether the line is an item of a list.
func (p *Parser) isItem() bool {
	return p.text[p.start] == '-' && (p.start+1 == p.end || p.text[p.start+1] == ' ')
}

// close makes the pending children since mark those of node.
func (p *Parser) close(node *Node, mark int) {
	from := len(p.arena)
	p.arena = append(p.arena, p.pending[mark:]...)
	node.Children = p.arena[from:len(p.arena):len(p.arena)]
	p.pending = p.pending[:mark]
	for i := range node.Children {
		node.End = max(node.End, node.Children[i].End)
	}
}

func (p *Parser) mapping(indent int) (Node, bool) {
	node := Node{Kind: MapNode, Start: p.start, KeyStart: p.start, End: p.start}
	mark := len(p.pending)
	for {
		keyStart := p.start
		key, value, ok := p.key()
		if !ok || p.hasPending(mark, key) {
			return node, false
		}
		child, ok := p.value(value, indent, true)
		if !ok {
			return node, false
		}
		child.Key, child.KeyStart = key, keyStart
		p.pending = append(p.pending, child)
		if p.done || p.indent < indent {
			break
		}
		if p.indent > indent || p.isItem() {
			return node, false
		}
	}
	p.close(&node, mark)
	return node, true
}

// hasPending looks for a key that is there twice. Large mappings are left to
// the full parser, which can look faster.
func (p *Parser) hasPending(mark int, key string) bool {
	const large = 64
	if len(p.pending)-mark > large {
		return true
	}
	for i := range p.pending[mark:] {
		if p.pending[mark+i].Key == key {
			return true
		}
	}
	return false
}

func (p *Parser) list(indent int) (Node, bool) {
	node := Node{Kind: ListNode, Start: p.start, KeyStart: p.start, End: p.start}
	mark := len(p.pending)
	for {
		at := p.start + 1
		for at < p.end && p.text[at] == ' ' {
			at++
		}
		child, ok := p.item(at, indent)
		if !ok {
			return node, false
		}
		child.KeyStart = child.Start
		p.pending = append(p.pending, child)
		if p.done || p.indent < indent || p.indent == indent && !p.isItem() {
			break
		}
		if p.indent > indent {
			return node, false
		}
	}
	p.close(&node, mark)
	return node, true
}

// item reads what follows the dash of a list item.
func (p *Parser) item(at, indent int) (Node, bool) {
	if at < p.end && p.startsMapping(at) {
		// The rest of the line is the first line of a mapping that is indented this far.
		p.indent += at - p.start
		p.start = at
		if p.depth++; p.depth > maxDepth/2 {
			return Node{}, false
		}
		defer func() { p.depth-- }()
		return p.mapping(p.indent)
	}
	return p.value(at, indent, false)
}

func (p *Parser) startsMapping(at int) bool {
	start := p.start
	p.start = at
	_, _, ok := p.key()
	p.start = start
	return ok
}

// longestKey is less than YAML allows for a key without a question mark before it.
const longestKey = 1000

// key reads a key of letters, digits and the marks of Kubernetes names, and
// says where its value starts.
func (p *Parser) key() (key string, value int, ok bool) {
	at := p.start
	for at < p.end && isKeyByte(p.text[at]) {
		at++
	}
	if at-p.start > longestKey || at == p.start || at == p.end || p.text[at] != ':' || p.text[p.start] == '-' {
		return "", 0, false
	}
	if at+1 < p.end && p.text[at+1] != ' ' {
		return "", 0, false
	}
	key = p.shared[p.start:at]
	kind, text := plainScalar(key)
	if kind != StringNode && (kind != NumberNode || text != key) {
		return "", 0, false
	}
	value = at + 1
	for value < p.end && p.text[value] == ' ' {
		value++
	}
	return key, value, true
}

func isKeyByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '/'
}
