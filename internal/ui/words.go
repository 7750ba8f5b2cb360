package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/meshctl/meshctl/internal/progress"
)

// verb is what a stage is called while it runs and afterwards.
type verb struct{ doing, done string }

// verbOf returns the words for a stage; one without words of its own is called by its name.
func verbOf(stage string) verb {
	switch stage {
	case "render":
		return verb{"Rendering", "Rendered"}
	case "plan":
		return verb{"Planning", "Planned"}
	case "lock":
		return verb{"Locking", "Locked"}
	case "apply":
		return verb{"Applying", "Applied"}
	case "delete":
		return verb{"Deleting", "Deleted"}
	case "record":
		return verb{"Recording", "Recorded"}
	case "check":
		return verb{"Checking", "Checked"}
	case "ask":
		return verb{"Asking Prometheus", "Asked Prometheus"}
	case "":
		return verb{"Working", "Finished"}
	}
	first, size := utf8.DecodeRuneInString(stage)
	name := string(unicode.ToUpper(first)) + stage[size:]
	return verb{name, name}
}

// word is the entry's state as it stands in the middle of a line.
func (e entry) word() string {
	switch e.state {
	case progress.Running:
		return strings.ToLower(verbOf(e.stage).doing)
	case progress.Waiting:
		return "waiting"
	}
	return string(e.state)
}

// heading is a stage and its state in one or two words.
func (e entry) heading() string {
	verb := verbOf(e.stage)
	switch e.state {
	case progress.Done:
		return verb.done
	case progress.Running, progress.Waiting:
		return verb.doing
	}
	return verb.doing + " " + e.word()
}

// sentence is what the entry is and does, for a line of its own: "Planning",
// "Control plane: waiting".
func (e entry) sentence() string {
	switch {
	case e.subject != "":
		return oneLine(e.subject) + ": " + e.word()
	case e.state == progress.Waiting:
		return e.heading() + ": waiting"
	}
	return e.heading()
}

// reminder is the sentence for what has not changed: "Still planning",
// "Control plane: still waiting".
func (e entry) reminder() string {
	switch {
	case e.subject != "":
		return oneLine(e.subject) + ": still " + e.word()
	case e.state == progress.Waiting:
		return e.heading() + ": still waiting"
	}
	return "Still " + e.word()
}

// withDetail adds what is known about text.
func withDetail(text, detail string) string {
	if detail == "" {
		return text
	}
	return text + ": " + detail
}
