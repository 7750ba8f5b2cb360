package ui

import (
	"slices"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// Board is the state of a piece of long work: its stages in the order in which
// they began, and below each its subjects. It is a value; it draws nothing and
// reads no clock. The zero Board is empty.
type Board struct {
	stages []entry
	lines  []entry
}

// entry is a stage, or a subject of one.
type entry struct {
	stage, subject string
	state          progress.State
	detail         string
	// began is when the entry first ran or waited, zero before that.
	began time.Time
	// changed is when it came into its state.
	changed time.Time
}

// Next is the board after event, which happened at now.
func (b Board) Next(event progress.Event, now time.Time) Board {
	next := Board{stages: slices.Clone(b.stages), lines: slices.Clone(b.lines)}
	stage := place(&next.stages, event.Stage, "")
	if event.Subject == "" {
		stage.take(event, now)
		return next
	}
	// A stage need not announce itself: its first subject does.
	if stage.began.IsZero() {
		stage.began = now
	}
	place(&next.lines, event.Stage, event.Subject).take(event, now)
	return next
}

// place finds the entry, or appends it.
func place(entries *[]entry, stage, subject string) *entry {
	for i := range *entries {
		if e := &(*entries)[i]; e.stage == stage && e.subject == subject {
			return e
		}
	}
	*entries = append(*entries, entry{stage: stage, subject: subject})
	return &(*entries)[len(*entries)-1]
}

func (e *entry) take(event progress.Event, now time.Time) {
	if e.state != event.State {
		e.changed = now
	}
	e.state = event.State
	e.detail = oneLine(event.Detail)
	if e.detail == "" && event.Err != nil {
		e.detail = oneLine(event.Err.Error())
	}
	if e.active() && e.began.IsZero() {
		e.began = now
	}
}

// find returns the entry of a stage or subject, the zero entry if it is unknown.
func (b Board) find(stage, subject string) entry {
	for _, e := range slices.Concat(b.stages, b.lines) {
		if e.stage == stage && e.subject == subject {
			return e
		}
	}
	return entry{}
}

// of returns the subjects of a stage.
func (b Board) of(stage string) []entry {
	var lines []entry
	for _, e := range b.lines {
		if e.stage == stage {
			lines = append(lines, e)
		}
	}
	return lines
}

// working returns what is being worked on, subjects first. The pipeline goes
// one way, so a stage without subjects is over when the next one begins, even
// if nobody said so.
func (b Board) working() []entry {
	var working []entry
	for _, e := range b.lines {
		if e.active() {
			working = append(working, e)
		}
	}
	for i, e := range b.stages {
		last := i == len(b.stages)-1
		if e.active() && (last || len(b.of(e.stage)) > 0) {
			working = append(working, e)
		}
	}
	return working
}

// active says whether the entry is being worked on.
func (e entry) active() bool {
	return e.state == progress.Running || e.state == progress.Waiting
}

// elapsed is how long the entry has been worked on, or took altogether.
func (e entry) elapsed(now time.Time) time.Duration {
	switch {
	case e.began.IsZero():
		return 0
	case e.active():
		return now.Sub(e.began)
	}
	return e.changed.Sub(e.began)
}

// same says whether two entries would be told in the same words.
func (e entry) same(other entry) bool {
	return e.state == other.state && e.detail == other.detail
}
