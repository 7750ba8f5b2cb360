package ui

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// Plain progress says again what it waits for after this time, so that a log
// shows life. Some CI systems end jobs that are silent for long.
const repeatAfter = 15 * time.Second

// plain writes one line for each change. Lines carry the time since the start
// and no glyphs, because logs are read afterwards and searched.
type plain struct {
	now     func() time.Time
	start   time.Time
	between *lineWriter
	stop    func()

	mu    sync.Mutex
	w     Writer
	board Board
	// said is when each entry last had a line, and last when any had.
	said map[key]time.Time
	last time.Time
}

// key names an entry of the board.
type key struct{ stage, subject string }

func newPlain(s *Streams, now func() time.Time) *plain {
	p := &plain{now: now, start: now(), w: s.Stderr(), said: map[key]time.Time{}}
	p.between = &lineWriter{print: p.print}
	p.stop = every(time.Second, p.repeat)
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
	io.WriteString(p.w, lines)
}

func (p *plain) take(event progress.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	before := p.board.find(event.Stage, event.Subject)
	p.board = p.board.Next(event, now)
	after := p.board.find(event.Stage, event.Subject)
	// What is queued has nothing to tell yet; listing it all would bury what happens.
	if after.state == progress.Queued || (after.state == before.state && after.detail == before.detail) {
		return
	}
	text := after.sentence()
	if took := after.elapsed(now); after.state == progress.Done && took >= 100*time.Millisecond {
		text += " in " + Duration(took)
	}
	p.say(after, text, now)
}

// repeat reminds of what has been going on without a change.
func (p *plain) repeat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for _, e := range p.board.lines {
		if e.active() && now.Sub(p.said[key{e.stage, e.subject}]) >= repeatAfter {
			p.remind(e, now)
		}
	}
	for _, e := range p.board.stages {
		// The subjects speak for their stage; it has to speak only when they are silent.
		if e.active() && now.Sub(p.last) >= repeatAfter {
			p.remind(e, now)
		}
	}
}

func (p *plain) remind(e entry, now time.Time) {
	p.say(e, e.reminder()+" after "+seconds(now.Sub(e.changed)), now)
}

func (p *plain) say(e entry, text string, now time.Time) {
	p.said[key{e.stage, e.subject}] = now
	p.last = now
	stamp := fmt.Sprintf("[%5.1fs]", now.Sub(p.start).Seconds())
	fmt.Fprintf(p.w, "%s %s\n", p.w.Theme.Muted.Render(stamp), withDetail(text, e.detail))
}
