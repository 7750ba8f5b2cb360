package profiles

import (
	"strconv"
	"strings"
)

// plainScalar gives an unquoted YAML scalar its type, by the rules of YAML 1.1
// that helm, kubectl and istioctl follow (yes, no, on and off are booleans).
func plainScalar(text string) any {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return nil
	case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y":
		return true
	case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N":
		return false
	}
	if value, ok := number(text); ok {
		return value
	}
	return text
}

// number reads an integer (also 0x1f, 0o17, 017 and 1_000) or a decimal.
func number(text string) (any, bool) {
	if !strings.ContainsRune("+-.0123456789", rune(text[0])) {
		return nil, false
	}
	digits := strings.ReplaceAll(text, "_", "")
	if value, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return value, true
	}
	if strings.Trim(digits, "+-.0123456789eE") != "" || !strings.ContainsAny(digits, "0123456789") {
		return nil, false
	}
	value, err := strconv.ParseFloat(digits, 64)
	return value, err == nil
}

// setScalar gives the value of a --set argument its type. Only the plain words
// true and false are booleans, and null removes.
func setScalar(text string) any {
	switch text {
	case "":
		return ""
	case "null":
		return nil
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	}
	if value, err := strconv.ParseInt(text, 10, 64); err == nil {
		return value
	}
	if value, ok := number(text); ok {
		if decimal, ok := value.(float64); ok {
			return decimal
		}
	}
	return text
}
