package rules

import (
	"errors"
	"regexp/syntax"
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// longestRegex is how long an expression may be.
const longestRegex = 1024

// RegexFault says why a text is no regular expression that Envoy can use.
func RegexFault(text string) string {
	if len(text) > longestRegex {
		return "is longer than " + strconv.Itoa(longestRegex) + " letters"
	}
	if _, err := syntax.Parse(text, syntax.Perl); err != nil {
		if why, ok := errors.AsType[*syntax.Error](err); ok {
			return "is no regular expression: " + why.Code.String() + " at " + strconv.Quote(why.Expr)
		}
		return "is no regular expression: " + err.Error()
	}
	return ""
}

// StringMatch wants something to compare with.
func (j *Judge) StringMatch(match *networking.StringMatch, at *Place) {
	switch kind := match.GetMatchType().(type) {
	case *networking.StringMatch_Prefix:
		if kind.Prefix == "" {
			j.Wrong(at.Field("prefix"), "every text begins with an empty prefix: leave the match out")
		}
	case *networking.StringMatch_Regex:
		if kind.Regex == "" {
			j.Wrong(at.Field("regex"), "an empty expression is no condition: leave the match out")
		} else if fault := RegexFault(kind.Regex); fault != "" {
			j.Wrong(at.Field("regex"), "%q %s", kind.Regex, fault)
		}
	}
}

// IsToken knows what HTTP allows as the name of a header or a method.
func IsToken(text string) bool {
	for i := range len(text) {
		if !isAlphanumeric(text[i]) && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(text[i])) {
			return false
		}
	}
	return text != ""
}

// HeaderValueFault says why Envoy would not take a text as the value of a
// header: it reads texts between % as variables.
func HeaderValueFault(text string) string {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < ' ' && c != '\t' || c == 0x7f:
			return "has a control character"
		case c == '%':
			length := variable(text[i+1:])
			if length == 0 {
				return "has a % that begins no variable such as %START_TIME%: write %% for the character"
			}
			i += length
		}
	}
	return ""
}

// variable is the length of NAME%, NAME(ARGUMENTS)% or NAME(ARGUMENTS):LENGTH%
// that a text begins with, or of the second of two %; 0 if it begins with neither.
func variable(text string) int {
	if strings.HasPrefix(text, "%") {
		return 1
	}
	i := span(text, 0, func(c byte) bool { return c >= 'A' && c <= 'Z' || c == '_' || c >= '0' && c <= '9' })
	if i == 0 {
		return 0
	}
	if i < len(text) && text[i] == '(' {
		end := strings.IndexByte(text[i:], ')')
		if end < 0 {
			return 0
		}
		i += end + 1
	}
	if i < len(text) && text[i] == ':' {
		digits := span(text, i+1, func(c byte) bool { return c >= '0' && c <= '9' })
		if digits == i+1 {
			return 0
		}
		i = digits
	}
	if i < len(text) && text[i] == '%' {
		return i + 1
	}
	return 0
}

// span is where letters of a kind end.
func span(text string, from int, is func(byte) bool) int {
	for from < len(text) && is(text[from]) {
		from++
	}
	return from
}
