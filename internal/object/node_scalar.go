package object

import (
	"math"
	"strconv"
	"strings"
)

// plainScalar is what an unquoted text means: the kind, and the text in the
// form JSON has for it. YAML 1.1 decides, as in kubectl: yes is a boolean, 010
// is eight.
func plainScalar(text string) (NodeKind, string) {
	if text == "" {
		return NullNode, ""
	}
	switch c := text[0]; {
	case c == '~' || c == 'n' || c == 'N' || c == 't' || c == 'T' || c == 'y' || c == 'Y' || c == 'f' || c == 'F' || c == 'o' || c == 'O':
		switch text {
		case "~", "null", "Null", "NULL":
			return NullNode, ""
		case "true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON":
			return BoolNode, "true"
		case "false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF":
			return BoolNode, "false"
		}
		return StringNode, text
	case c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.':
		return plainNumber(text)
	}
	return StringNode, text
}

func plainNumber(text string) (NodeKind, string) {
	if simple(text) {
		return NumberNode, text
	}
	digits := strings.ReplaceAll(text, "_", "")
	if looksWhole(digits) {
		if whole, err := strconv.ParseInt(digits, 0, 64); err == nil {
			return NumberNode, strconv.FormatInt(whole, 10)
		}
		if whole, err := strconv.ParseUint(digits, 0, 64); err == nil {
			return NumberNode, strconv.FormatUint(whole, 10)
		}
	}
	if !looksLikeFloat(digits) {
		return StringNode, text
	}
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return StringNode, text
	}
	if rendered := strconv.FormatFloat(number, 'g', -1, 64); !strings.HasPrefix(rendered, "+") {
		return NumberNode, rendered
	}
	return StringNode, text
}

// simple knows the numbers that JSON writes alike: 0, 8080, -1.
func simple(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > 18 || digits[0] == '0' && len(digits) > 1 || text == "-0" {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// looksWhole keeps what cannot be a whole number, such as 100m, from being tried,
// and what only Go takes for one, 0o7, a text.
func looksWhole(text string) bool {
	text = strings.TrimLeft(text, "+-")
	if len(text) > 1 && text[0] == '0' {
		return text[1] != 'o'
	}
	return onlyDigits(text)
}

// looksLikeFloat keeps what only Go takes for a number, such as 0x1p-2, a text.
func looksLikeFloat(text string) bool {
	text = strings.TrimLeft(text, "+-")
	mantissa, exponent, scientific := text, "", false
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent, scientific = text[:i], strings.TrimLeft(text[i+1:], "+-"), true
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	return whole+fraction != "" && onlyDigits(whole) && onlyDigits(fraction) && (!scientific || exponent != "" && onlyDigits(exponent))
}

func onlyDigits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}
