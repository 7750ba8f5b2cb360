package ui

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/meshctl/meshctl/internal/progress"
)

// jsonLines writes one JSON object a line, for programs that follow the work.
type jsonLines struct {
	now     func() time.Time
	between *lineWriter

	mu sync.Mutex
	w  Writer
}

// jsonLine is an event, or a message that was printed in between. Fields may
// be added and are never renamed.
type jsonLine struct {
	Time    string         `json:"time"`
	Stage   string         `json:"stage,omitempty"`
	Subject string         `json:"subject,omitempty"`
	State   progress.State `json:"state,omitempty"`
	Detail  string         `json:"detail,omitempty"`
	Error   string         `json:"error,omitempty"`
	Message string         `json:"message,omitempty"`
}

func newJSONLines(s *Streams, now func() time.Time) *jsonLines {
	j := &jsonLines{now: now, w: Plain(s.Err)}
	j.between = &lineWriter{print: j.print}
	return j
}

func (j *jsonLines) Sink() progress.Sink { return j.take }

func (j *jsonLines) Writer() Writer { return Plain(j.between) }

func (j *jsonLines) Aside(f func() error) error { return f() }

func (j *jsonLines) Close() { j.between.flush() }

func (j *jsonLines) take(event progress.Event) {
	line := jsonLine{Stage: event.Stage, Subject: event.Subject, State: event.State, Detail: event.Detail}
	if event.Err != nil {
		line.Error = event.Err.Error()
	}
	j.write(line)
}

// print wraps lines of text, so that what reads stderr finds nothing but JSON there.
func (j *jsonLines) print(lines string) {
	for line := range strings.Lines(ansi.Strip(lines)) {
		j.write(jsonLine{Message: strings.TrimSpace(line)})
	}
}

func (j *jsonLines) write(line jsonLine) {
	j.mu.Lock()
	defer j.mu.Unlock()
	line.Time = j.now().UTC().Format("2006-01-02T15:04:05.000Z07:00")
	encoder := json.NewEncoder(j.w)
	encoder.SetEscapeHTML(false)
	// A reader of progress that went away must not stop the work.
	_ = encoder.Encode(line)
}
