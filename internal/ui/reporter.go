package ui

import (
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// ProgressMode is how progress is shown: the value of --progress. The zero mode is ProgressAuto.
type ProgressMode string

// The ways to show progress.
const (
	// ProgressAuto is live on a terminal and plain elsewhere.
	ProgressAuto ProgressMode = "auto"
	// ProgressLive repaints a board; where the cursor cannot be moved it is plain.
	ProgressLive ProgressMode = "live"
	// ProgressPlain writes a line for each change.
	ProgressPlain ProgressMode = "plain"
	// ProgressJSON writes a JSON object for each event.
	ProgressJSON ProgressMode = "json"
	// ProgressNone shows nothing.
	ProgressNone ProgressMode = "none"
)

// ProgressModes lists the names a user can choose from.
func ProgressModes() []string {
	return []string{
		string(ProgressAuto), string(ProgressLive), string(ProgressPlain), string(ProgressJSON), string(ProgressNone),
	}
}

// String is the chosen mode.
func (m ProgressMode) String() string {
	if m == "" {
		return string(ProgressAuto)
	}
	return string(m)
}

// Set chooses a mode, for a flag.
func (m *ProgressMode) Set(name string) error {
	if err := oneOf(name, ProgressModes()); err != nil {
		return err
	}
	*m = ProgressMode(name)
	return nil
}

// Type is how usage texts call the value.
func (m ProgressMode) Type() string { return "mode" }

// Reporter shows the progress of one piece of work on stderr. It is safe for
// use by several goroutines. While it is open nothing else may write to the terminal.
type Reporter interface {
	// Sink takes the events to show.
	Sink() progress.Sink
	// Writer takes lines to print in between, such as warnings.
	Writer() Writer
	// Aside steps back while f prints or asks something by itself.
	Aside(f func() error) error
	// Close shows the last state and stops. Only the first call does something.
	Close()
}

// NewReporter returns the reporter for mode. quiet silences what is made for
// humans; lines of JSON are somebody's input and were asked for by name.
func NewReporter(s *Streams, mode ProgressMode, quiet bool, now func() time.Time) Reporter {
	switch {
	case mode == ProgressJSON:
		return newJSONLines(s, now)
	case mode == ProgressNone, quiet:
		return silent{s.Stderr()}
	case mode != ProgressPlain && s.err.cursor:
		return newLive(s, now)
	}
	return newPlain(s, now)
}

// silent shows no progress; what is printed in between still appears.
type silent struct{ stderr Writer }

func (silent) Sink() progress.Sink        { return progress.Discard }
func (r silent) Writer() Writer           { return r.stderr }
func (silent) Aside(f func() error) error { return f() }
func (silent) Close()                     {}
