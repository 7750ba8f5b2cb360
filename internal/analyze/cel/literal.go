package cel

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// number reads a number; negative is true where a minus sign belongs to it.
func number(t token, negative bool) (ref.Val, error) {
	text, unsigned := strings.CutSuffix(strings.ToLower(t.text), "u")
	digits, hex := strings.CutPrefix(text, "0x")
	base := 10 // 010 is ten
	if hex {
		base = 16
	}
	sign := ""
	if negative {
		sign = "-"
	}
	switch {
	case unsigned:
		if value, err := strconv.ParseUint(digits, base, 64); err == nil {
			return types.Uint(value), nil
		}
	case !hex && strings.ContainsAny(text, ".e"):
		if value, err := strconv.ParseFloat(sign+text, 64); err == nil && !math.IsInf(value, 0) {
			return types.Double(value), nil
		}
	default:
		if value, err := strconv.ParseInt(sign+digits, base, 64); err == nil {
			return types.Int(value), nil
		}
	}
	return nil, &SyntaxError{At: t.at, Why: sign + t.text + " is no number"}
}

// literal reads a text in quotes.
func literal(t token) (ref.Val, error) {
	at := textPrefix(t.text)
	prefix, body := strings.ToLower(t.text[:at]), t.text[at:]
	quote := 1
	if len(body) >= 6 && body[0] == body[1] && body[1] == body[2] {
		quote = 3
	}
	body = body[quote : len(body)-quote]
	binary := strings.Contains(prefix, "b")
	if quote == 3 || strings.Contains(body, "\r") {
		body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n")
	}
	if !strings.Contains(prefix, "r") {
		var err error
		if body, err = unescape(body, binary); err != nil {
			return nil, &SyntaxError{At: t.at, Why: err.Error()}
		}
	}
	if binary {
		return types.Bytes(body), nil
	}
	return types.String(body), nil
}

type escapeError string

func (e escapeError) Error() string { return "\\" + string(e) + " is no escape" }

// simple are the escapes of one letter, and what they stand for.
const simple, plain = `abfnrtv\'"` + "`?", "\a\b\f\n\r\t\v\\'\"`?"

func unescape(text string, binary bool) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var out strings.Builder
	for text != "" {
		before, after, found := strings.Cut(text, `\`)
		out.WriteString(before)
		if !found {
			break
		}
		if after == "" {
			return "", escapeError("")
		}
		if i := strings.IndexByte(simple, after[0]); i >= 0 {
			out.WriteByte(plain[i])
			text = after[1:]
			continue
		}
		code, length, ok := numeric(after)
		if !ok {
			return "", escapeError(after[:1])
		}
		if text = after[length:]; binary && length < 5 {
			out.WriteByte(byte(code))
		} else {
			out.WriteRune(code)
		}
	}
	return out.String(), nil
}

// numeric reads x41, u0041, U00000041 and the octal 101.
func numeric(text string) (code rune, length int, ok bool) {
	digits, base, skip := 3, 8, 0
	switch text[0] {
	case 'x', 'X':
		digits, base, skip = 2, 16, 1
	case 'u':
		digits, base, skip = 4, 16, 1
	case 'U':
		digits, base, skip = 8, 16, 1
	}
	if length = skip + digits; len(text) < length {
		return 0, 0, false
	}
	value, err := strconv.ParseUint(text[skip:length], base, 32)
	if err != nil || value > utf8.MaxRune || base == 8 && value > math.MaxUint8 || !utf8.ValidRune(rune(value)) {
		return 0, 0, false
	}
	return rune(value), length, true
}
