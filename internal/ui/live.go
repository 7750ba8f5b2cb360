package ui

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// Ten frames a second look smooth and cost next to nothing.
const frameTime = 100 * time.Millisecond

// live repaints a board on a terminal. The cursor rests at the start of the
// line below the board and is never hidden, so a process that is killed leaves
// a terminal that works. Each frame is one write: nothing is seen half drawn.
type live struct {
	now     func() time.Time
	device  device
	between *lineWriter
	stop    func()

	mu    sync.Mutex
	w     Writer
	board Board
	// painted is what is on the screen.
	painted []string
	// away is true while somebody else has the terminal, and after Close.
	away bool
	// told is true when all that the board can show was on the screen before.
	told bool
}

func newLive(s *Streams, now func() time.Time) *live {
	l := &live{now: now, device: s.err, w: s.Stderr()}
	l.between = &lineWriter{print: l.print}
	l.stop = every(frameTime, l.tick)
	return l
}

func (l *live) Sink() progress.Sink { return l.take }

// Writer prints above the board.
func (l *live) Writer() Writer {
	return Writer{Writer: l.between, Theme: l.w.Theme, Width: l.w.Width}
}

// Aside takes the board off the screen for as long as f runs.
func (l *live) Aside(f func() error) error {
	l.mu.Lock()
	tell(l.w, "%s", l.erase())
	l.away = true
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.away = false
		// What is over need not come back below an answer of "no".
		l.told = len(l.board.working()) == 0
	}()
	return f()
}

// Close leaves the last board on the screen, in full even if it scrolls.
func (l *live) Close() {
	l.stop()
	l.between.flush()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.away && !l.told {
		l.paint(true)
	}
	l.away = true
}

func (l *live) take(event progress.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.board = l.board.Next(event, l.now())
	l.told = false
}

func (l *live) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.away && !l.told {
		l.paint(false)
	}
}

func (l *live) print(lines string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		tell(l.w, "%s", lines)
		return
	}
	painted := l.painted
	// The board follows in the same write, so that it does not blink.
	var text strings.Builder
	text.WriteString(l.erase() + lines)
	for _, line := range painted {
		text.WriteString(line + "\n")
	}
	tell(l.w, "%s", text.String())
	l.painted = painted
}

// paint writes the lines that differ from those on the screen.
func (l *live) paint(final bool) {
	columns, height := l.device.extent()
	// The last column stays free, where terminals disagree on when to wrap, and
	// so does the line on which the cursor rests.
	frame := Frame{Theme: l.w.Theme, Width: max(columns-1, 1), Height: max(height-1, 0), Now: l.now(), Final: final}
	if final {
		frame.Height = 0
	}
	var lines []string
	for line := range strings.Lines(l.board.View(frame)) {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	if len(lines) == 0 {
		return
	}
	var text strings.Builder
	if wrapped := l.rows(columns); wrapped != len(l.painted) {
		text.WriteString(l.erase())
	} else {
		text.WriteString(up(wrapped))
	}
	for i, line := range lines {
		if i >= len(l.painted) || l.painted[i] != line {
			text.WriteString(line + "\x1b[K")
		}
		text.WriteString("\n")
	}
	// What is below is a longer board of before, or the ^C somebody typed.
	text.WriteString("\x1b[J")
	l.painted = lines
	tell(l.w, "%s", text.String())
}

// erase clears the lines of the board and moves to where it began. It goes line
// by line, because some terminals keep a copy of a screen that is cleared whole.
func (l *live) erase() string {
	columns, _ := l.device.extent()
	rows := l.rows(columns)
	l.painted = nil
	return up(rows) + strings.Repeat("\x1b[K\n", rows) + "\x1b[J" + up(rows)
}

// rows is how many lines the board takes on the screen. A window that was made
// narrower has wrapped what was painted before.
func (l *live) rows(columns int) int {
	rows := 0
	for _, line := range l.painted {
		rows += max(1, (width(line)+columns-1)/columns)
	}
	return rows
}

// up moves the cursor to the start of the line so many lines above.
func up(lines int) string {
	if lines == 0 {
		return "\r"
	}
	return fmt.Sprintf("\r\x1b[%dA", lines)
}
