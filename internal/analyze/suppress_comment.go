package analyze

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/object"
)

// commentMark begins a comment that suppresses findings on its line, or on the
// next one if it has a line of its own:
//
//	# meshctl:ignore IST0101,IST0132 until=2027-01-31 -- the gateway comes with the next release
const commentMark = "meshctl:ignore"

var ignoreComment = regexp.MustCompile(`#\s*meshctl:ignore\s+([^\s#]+)(?:\s+until=(\S+))?(?:\s+--\s*(.*?))?\s*$`)

// comment is a suppression found in a file, and what is wrong with it.
type comment struct {
	Suppression
	problem string
}

// comments finds the suppressions in a document.
func comments(document *object.Document) []comment {
	if !bytes.Contains(document.Text, []byte(commentMark)) {
		return nil
	}
	var found []comment
	line := 0
	for text := range bytes.Lines(document.Text) {
		line++
		if !bytes.Contains(text, []byte(commentMark)) {
			continue
		}
		found = append(found, readComment(string(text), object.Position{File: document.Source.File, Line: document.LineOf(line)})...)
	}
	return found
}

func readComment(text string, position object.Position) []comment {
	parts := ignoreComment.FindStringSubmatch(strings.TrimRight(text, "\r\n"))
	if parts == nil {
		return []comment{{Suppression{Code: "?", line: true, Position: position}, "it must be '# meshctl:ignore CODE -- reason'"}}
	}
	problem, until := "", time.Time{}
	if parts[2] != "" {
		var err error
		if until, err = time.Parse(time.DateOnly, parts[2]); err != nil {
			problem = "until=" + parts[2] + " is not a date such as 2027-01-31"
		}
	}
	if strings.TrimSpace(parts[3]) == "" {
		problem = "it gives no reason: '# meshctl:ignore " + parts[1] + " -- why'"
	}
	var found []comment
	for code := range strings.SplitSeq(parts[1], ",") {
		found = append(found, comment{Suppression{Code: code, Reason: parts[3], Until: until, Position: position, line: true}, problem})
	}
	return found
}
