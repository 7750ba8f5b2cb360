package rules

import (
	"net/netip"
	"strings"
)

// IsLabel knows DNS labels: letters, digits and inner dashes, 63 at most.
func IsLabel(text string) bool {
	if text == "" || len(text) > 63 || text[0] == '-' || text[len(text)-1] == '-' {
		return false
	}
	for i := range len(text) {
		if !isAlphanumeric(text[i]) && text[i] != '-' {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// DomainFault says why a text is no domain name, or nothing.
func DomainFault(text string) string {
	if text == "" || len(text) > 255 {
		return "must have 1 to 255 letters"
	}
	return labelsFault(text)
}

// WildcardFault says why a text is neither a domain name nor one whose first
// label is, or begins with, a star.
func WildcardFault(text string) string {
	if text == "" || len(text) > 255 {
		return "must have 1 to 255 letters"
	}
	first, rest, dotted := strings.Cut(text, ".")
	name := first
	if after, ok := strings.CutPrefix(first, "*"); ok {
		name = strings.TrimPrefix(after, "-")
		if after == "" {
			name = "any"
		}
	}
	switch {
	case !IsLabel(name):
		return labelFault(first)
	case dotted && rest != "":
		return labelsFault(rest)
	}
	return ""
}

// labelsFault looks at labels between dots; the last one may end in a dot.
func labelsFault(text string) string {
	text = strings.TrimSuffix(text, ".")
	for {
		label, rest, more := strings.Cut(text, ".")
		switch {
		case !IsLabel(label):
			return labelFault(label)
		case !more && isNumber(label):
			return "must not end in a number"
		case !more:
			return ""
		}
		text = rest
	}
}

func labelFault(label string) string {
	switch {
	case label == "":
		return "has an empty part: there are two dots in a row, or one where it begins"
	case strings.Contains(label, "*"):
		return "has a star that is not its beginning"
	}
	return `has the part "` + label + `", which is no DNS label`
}

func isNumber(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// IsAddress knows IP addresses.
func IsAddress(text string) bool {
	// Names are far more frequent than addresses, and errors of the parser cost.
	if text == "" || !strings.ContainsRune("0123456789abcdefABCDEF:", rune(text[0])) || !strings.ContainsAny(text, ".:") {
		return false
	}
	last := text[len(text)-1]
	if !strings.Contains(text, ":") && (last < '0' || last > '9') {
		return false
	}
	_, err := netip.ParseAddr(text)
	return err == nil
}

// IsRange knows ranges of IP addresses, such as 10.0.0.0/8.
func IsRange(text string) bool {
	if !strings.Contains(text, "/") {
		return false
	}
	_, err := netip.ParsePrefix(text)
	return err == nil
}

// Includes says whether one host, perhaps with a star, stands for all that
// another one does.
func Includes(host, other string) bool {
	suffix, wild := strings.CutPrefix(host, "*")
	if !wild {
		return host == other
	}
	return len(strings.TrimPrefix(other, "*")) >= len(suffix) && strings.HasSuffix(other, suffix)
}

// Overlap says whether there can be a host that both stand for.
func Overlap(a, b string) bool { return Includes(a, b) || Includes(b, a) }

// UnixFault says why what comes after unix:// is no socket, or nothing.
func UnixFault(path string) string {
	switch {
	case path == "":
		return "names no socket"
	case strings.HasPrefix(path, "@"):
		return ""
	case !strings.HasPrefix(path, "/"):
		return "has to be an absolute path, or begin with @"
	case strings.HasSuffix(path, "/"):
		return "is a folder and no socket"
	}
	return ""
}
