package cel

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError is a text that is no expression.
type SyntaxError struct {
	// At is the byte at which it goes wrong.
	At  int
	Why string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("at byte %d: %s", e.At, e.Why) }

type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	numberToken
	textToken   // a string, as written
	symbolToken // an operator or a bracket
)

type token struct {
	kind tokenKind
	text string
	at   int
}

// lexer cuts a text into tokens.
type lexer struct {
	text string
	at   int
}

// symbols are tried in this order, so that longer ones win.
const symbols = "== != <= >= && || .? [? < > + - * / % ! ? : . , ( ) [ ] { }"

func (l *lexer) next() (token, error) {
	l.skip()
	rest := l.text[l.at:]
	if rest == "" {
		return token{at: l.at}, nil
	}
	if length := textPrefix(rest); length >= 0 {
		return l.quoted(length)
	}
	switch c := rest[0]; {
	case isLetter(c):
		return l.take(nameToken, span(rest, func(c byte) bool { return isLetter(c) || isDigit(c) })), nil
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return l.take(numberToken, numberLength(rest)), nil
	}
	for symbol := range strings.SplitSeq(symbols, " ") {
		if strings.HasPrefix(rest, symbol) {
			return l.take(symbolToken, len(symbol)), nil
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return token{}, &SyntaxError{At: l.at, Why: fmt.Sprintf("%q means nothing here", r)}
}

func (l *lexer) take(kind tokenKind, length int) token {
	t := token{kind: kind, text: l.text[l.at : l.at+length], at: l.at}
	l.at += length
	return t
}

// skip passes blanks and comments.
func (l *lexer) skip() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			l.at++
		case strings.HasPrefix(l.text[l.at:], "//"):
			l.at += span(l.text[l.at:], func(c byte) bool { return c != '\n' })
		default:
			return
		}
	}
}

// textPrefix is the number of letters before the quote that a text begins with,
// b for bytes and r for one without escapes in this order, or -1 if it does not
// begin so.
func textPrefix(rest string) int {
	at := 0
	for _, letter := range []string{"bB", "rR"} {
		if at < len(rest) && strings.IndexByte(letter, rest[at]) >= 0 {
			at++
		}
	}
	if at < len(rest) && (rest[at] == '"' || rest[at] == '\'') {
		return at
	}
	return -1
}

// quoted takes a text in single, double or triple quotes.
func (l *lexer) quoted(prefix int) (token, error) {
	rest := l.text[l.at+prefix:]
	raw := strings.ContainsAny(l.text[l.at:l.at+prefix], "rR")
	quote := rest[:1]
	if strings.HasPrefix(rest, strings.Repeat(quote, 3)) {
		quote = rest[:3]
	}
	for i := len(quote); i < len(rest); i++ {
		switch {
		case strings.HasPrefix(rest[i:], quote):
			return l.take(textToken, prefix+i+len(quote)), nil
		case rest[i] == '\\' && !raw:
			i++
		case len(quote) == 1 && (rest[i] == '\n' || rest[i] == '\r'):
			return token{}, &SyntaxError{At: l.at, Why: "a text in single quotes ends on its line"}
		}
	}
	return token{}, &SyntaxError{At: l.at, Why: "a text has no end"}
}

// numberLength takes 12, 0x1F, 7u, 1.5 and 2e-3.
func numberLength(rest string) int {
	if hex, ok := strings.CutPrefix(rest, "0x"); ok && hex != "" && isHex(hex[0]) {
		length := len("0x") + span(hex, isHex)
		return length + suffix(rest[length:])
	}
	length := span(rest, isDigit)
	whole := true
	if tail := rest[length:]; len(tail) > 1 && tail[0] == '.' && isDigit(tail[1]) {
		length, whole = length+1+span(tail[1:], isDigit), false
	}
	if tail := rest[length:]; tail != "" && (tail[0] == 'e' || tail[0] == 'E') {
		sign := 1
		if len(tail) > 1 && (tail[1] == '+' || tail[1] == '-') {
			sign = 2
		}
		if digits := span(tail[min(sign, len(tail)):], isDigit); digits > 0 {
			length, whole = length+sign+digits, false
		}
	}
	if whole {
		length += suffix(rest[length:])
	}
	return length
}

func suffix(tail string) int {
	if tail != "" && (tail[0] == 'u' || tail[0] == 'U') {
		return 1
	}
	return 0
}

func span(text string, in func(byte) bool) int {
	for i := range len(text) {
		if !in(text[i]) {
			return i
		}
	}
	return len(text)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isHex(c byte) bool    { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
