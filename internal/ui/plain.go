package ui

import (
	"fmt"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// Plain progress says again what it waits for after this time, so that a log
// shows life. Some CI systems end jobs that are silent for long.
const repeatAfter = 15 * time.Second

// How often plain progress looks for what to say about work that goes on.
const plainInterval = time.Second

// plain writes one line for each change. Lines carry the time since the start
// and no glyphs, because logs are read afterwards and searched. Counts that go
// up ("3 of 22 objects") are no change, and what changes several times within
// a second is told once.
type plain struct {
	now     func() time.Time
	start   time.Time
	between *lineWriter
	stop    func()

	mu    sync.Mutex
	w     Writer
	board Board
	// said is what each entry was when it last had a line, and last when any had.
	said map[key]line
	last time.Time
}

// key names an entry of the board.
type key struct{ stage, subject string }

// line is an entry as it was when it was written.
type line struct {
	entry
	at time.Time
}

func newPlain(s *Streams, now func() time.Time) *plain {
	p := &plain{now: now, start: now(), w: s.Stderr(), said: map[key]line{}}
	p.between = &lineWriter{print: p.print}
	p.stop = every(plainInterval, p.tick)
	return p
}

func (p *plain) Sink() progress.Sink { return p.take }

func (p *plain) Writer() Writer {
	return Writer{Writer: p.between, Theme: p.w.Theme, Width: p.w.Width}
}

func (p *plain) Aside(f func() error) error { return f() }

func (p *plain) Close() {
	p.stop()
	p.between.flush()
}

func (p *plain) print(lines string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	tell(p.w, "%s", lines)
}

func (p *plain) take(event progress.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.board = p.board.Next(event, now)
	e := p.board.find(event.Stage, event.Subject)
	before, known := p.said[key{e.stage, e.subject}]
	switch {
	case e.state == progress.Queued:
		// There is nothing to tell yet; listing it all would bury what happens.
	case !known || (!e.active() && !e.same(before.entry)):
		p.change(e, now)
	}
}

// tick tells what became of work that goes on.
func (p *plain) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for _, e := range p.board.working() {
		before := p.said[key{e.stage, e.subject}]
		silent := now.Sub(before.at)
		if e.subject == "" {
			// The subjects speak for their stage, as long as they do.
			silent = now.Sub(p.last)
		}
		switch {
		case e.state != before.state, e.state == progress.Waiting && !e.same(before.entry):
			p.change(e, now)
		case silent >= repeatAfter:
			p.say(e, e.reminder()+" after "+seconds(now.Sub(e.changed)), now)
		}
	}
}

func (p *plain) change(e entry, now time.Time) {
	text := e.sentence()
	if took := e.elapsed(now); e.state == progress.Done && took >= 100*time.Millisecond {
		text += " in " + Duration(took)
	}
	p.say(e, text, now)
}

func (p *plain) say(e entry, text string, now time.Time) {
	p.said[key{e.stage, e.subject}] = line{e, now}
	p.last = now
	stamp := fmt.Sprintf("[%5.1fs]", now.Sub(p.start).Seconds())
	tell(p.w, "%s %s\n", p.w.Theme.Muted.Render(stamp), withDetail(text, e.detail))
}
