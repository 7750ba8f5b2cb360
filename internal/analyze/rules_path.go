package analyze

import (
	"path"
	"regexp"
	"strings"
)

// pathPattern compiles a pattern of files: * stands for any text without a
// slash, ** for any. A folder stands for all that is below it.
func pathPattern(pattern string) *regexp.Regexp {
	var text strings.Builder
	for rest := path.Clean(pattern); rest != ""; {
		switch {
		case strings.HasPrefix(rest, "**/"):
			text.WriteString("(?:.*/)?")
			rest = rest[len("**/"):]
		case strings.HasPrefix(rest, "**"):
			text.WriteString(".*")
			rest = rest[len("**"):]
		case rest[0] == '*':
			text.WriteString("[^/]*")
			rest = rest[1:]
		case rest[0] == '?':
			text.WriteString("[^/]")
			rest = rest[1:]
		default:
			text.WriteString(regexp.QuoteMeta(rest[:1]))
			rest = rest[1:]
		}
	}
	return regexp.MustCompile("^" + text.String() + "(?:/.*)?$")
}

// file is where a resource was read, as patterns of files name it; empty for
// objects of a cluster.
func (o Options) file(r *Resource) string {
	name := r.origin.source().File
	if name == "" || o.Relative == nil {
		return name
	}
	return o.Relative(name)
}

// severity is how bad a finding is where the user has a say: of the patterns
// that fit, the longest decides.
func (o Options) severity(code *Code, made Severity) Severity {
	best := ""
	for pattern, severity := range o.Severities {
		if len(pattern) > len(best) || len(pattern) == len(best) && pattern < best {
			if codeMatches(pattern, code) {
				best, made = pattern, severity
			}
		}
	}
	return made
}
