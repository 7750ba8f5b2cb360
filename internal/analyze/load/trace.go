package load

import (
	"bytes"
	"strings"
)

// trace finds for each line of a rendered text the line of the template that
// made it, 0 where none looks like it. Helm says only which template it was, so
// this goes by the looks: a line of a template matches if its texts between
// actions are there in their order. What is rendered in the order of the template
// is found going forward; a loop begins again further up.
func trace(rendered, template []byte) []int {
	patterns := patternsOf(template)
	var lines []int
	next := 0
	for text := range bytes.Lines(rendered) {
		line := strings.TrimRight(string(text), " \t\r\n")
		found := -1
		if strings.TrimSpace(line) != "" {
			found = nearest(patterns, line, next)
		}
		if found >= 0 {
			next = found + 1
		}
		lines = append(lines, found+1)
	}
	return lines
}

// furthest is how many lines around the expected one are looked at.
const furthest = 500

// nearest finds a pattern that matches: the first one from next on, else the
// last one before.
func nearest(patterns []pattern, line string, next int) int {
	for at := next; at < min(len(patterns), next+furthest); at++ {
		if patterns[at].matches(line) {
			return at
		}
	}
	for at := min(next, len(patterns)) - 1; at >= max(0, next-furthest); at-- {
		if patterns[at].matches(line) {
			return at
		}
	}
	return -1
}

// pattern is a line of a template as the texts between its actions.
type pattern []string

func patternsOf(template []byte) []pattern {
	var patterns []pattern
	for text := range bytes.Lines(template) {
		patterns = append(patterns, patternOf(strings.TrimRight(string(text), " \t\r\n")))
	}
	return patterns
}

// patternOf is nil for lines that have no text of their own.
func patternOf(line string) pattern {
	parts := pattern{""}
	for {
		before, rest, action := strings.Cut(line, "{{")
		parts[len(parts)-1] += before
		if !action {
			break
		}
		_, after, closed := strings.Cut(rest, "}}")
		parts = append(parts, "")
		if !closed {
			break
		}
		line = after
	}
	if strings.Trim(strings.Join(parts, ""), " \t-:,'\"[]") == "" {
		return nil
	}
	return parts
}

func (p pattern) matches(line string) bool {
	if len(p) == 0 {
		return false
	}
	if len(p) == 1 {
		return line == p[0]
	}
	first, last := p[0], p[len(p)-1]
	rest, ok := strings.CutPrefix(line, first)
	if !ok || !strings.HasSuffix(rest, last) {
		return false
	}
	rest = strings.TrimSuffix(rest, last)
	for _, part := range p[1 : len(p)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return true
}
