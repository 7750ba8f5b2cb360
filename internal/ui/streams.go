package ui

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Streams are the three standard streams and what is known about them. A
// literal with only In, Out and Err set behaves like three pipes.
type Streams struct {
	// In is where answers to questions come from.
	In io.Reader
	// Out takes the answer of the command and nothing else.
	Out io.Writer
	// Err takes the story: progress, hints, warnings, questions.
	Err io.Writer

	in, out, err device
}

// device is what is known about one stream.
type device struct {
	terminal bool
	// cursor is true where the cursor can be moved, which a dumb terminal cannot do.
	cursor  bool
	color   bool
	unicode bool
	// columns is the COLUMNS variable, 0 when unset.
	columns int
	// size asks for width and height as they are now; nil when there is nothing to ask.
	size func() (width, height int)
}

// NewStreams finds out what in, out and err are. env looks up an environment variable.
func NewStreams(in io.Reader, out, err io.Writer, env func(string) string) *Streams {
	return &Streams{
		In: in, Out: out, Err: err,
		in:  newDevice(in, env),
		out: newDevice(out, env),
		err: newDevice(err, env),
	}
}

func newDevice(stream any, env func(string) string) device {
	d := device{unicode: isUnicode(env)}
	d.columns, _ = strconv.Atoi(env("COLUMNS"))
	if file, ok := stream.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		d.terminal = true
		d.cursor = !isDumb(env)
		d.size = func() (int, int) {
			width, height, err := term.GetSize(int(file.Fd()))
			if err != nil {
				return 0, 0
			}
			return width, height
		}
	}
	d.color = wantsColor(d, env)
	return d
}

// isDumb says whether escape sequences would show up as rubbish. Windows sets
// no TERM, and its consoles understand them.
func isDumb(env func(string) string) bool {
	name := env("TERM")
	return name == "dumb" || (name == "" && runtime.GOOS != "windows")
}

// wantsColor follows no-color.org first and bixense.com/clicolors second.
func wantsColor(d device, env func(string) string) bool {
	if env("NO_COLOR") != "" {
		return false
	}
	if force := env("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	return d.cursor && env("CLICOLOR") != "0"
}

// isUnicode reads the locale the way setlocale does: the first one set decides.
func isUnicode(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(env(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return runtime.GOOS == "windows"
}

// extent is the width and height to draw in; 0 is unlimited. COLUMNS speaks for
// a terminal that does not know its size and may narrow another, but it cannot
// widen one: the lines would wrap.
func (d device) extent() (width, height int) {
	if !d.terminal {
		return 0, 0
	}
	if d.size != nil {
		width, height = d.size()
	}
	if d.columns > 0 && (width <= 0 || d.columns < width) {
		width = d.columns
	}
	if width <= 0 {
		width = 80
	}
	return width, max(height, 0)
}

// UseColor overrides what was found out about colours.
func (s *Streams) UseColor(on bool) { s.out.color, s.err.color = on, on }

// InTerminal says whether somebody can type an answer.
func (s *Streams) InTerminal() bool { return s.in.terminal }

// OutTerminal says whether the answer is read by a human rather than a program.
func (s *Streams) OutTerminal() bool { return s.out.terminal }

// ErrTerminal says whether the story is read by a human as it happens.
func (s *Streams) ErrTerminal() bool { return s.err.terminal }

// Stdout is Out with the theme and width to write in.
func (s *Streams) Stdout() Writer { return newWriter(s.Out, s.out) }

// Stderr is Err with the theme and width to write in.
func (s *Streams) Stderr() Writer { return newWriter(s.Err, s.err) }

// Writer is a stream to draw text on.
type Writer struct {
	io.Writer
	// Theme is how the stream shows meaning; the zero Theme is plain ASCII.
	Theme Theme
	// Width is the number of columns, 0 where lines must not be cut.
	Width int
}

// Plain is a Writer without colour and without limit, for files and buffers.
func Plain(w io.Writer) Writer { return Writer{Writer: w} }

func newWriter(w io.Writer, d device) Writer {
	width, _ := d.extent()
	return Writer{Writer: w, Theme: newTheme(w, d), Width: width}
}

// Device describes the streams of a test. The zero value is three pipes.
type Device struct {
	// In is what the user types.
	In io.Reader
	// InTerminal, OutTerminal and ErrTerminal make the stream a terminal.
	InTerminal, OutTerminal, ErrTerminal bool
	// Color and Unicode hold for both output streams.
	Color, Unicode bool
	// Width is the number of columns of the terminals, 80 when it is 0.
	Width int
	// Height is the number of lines of the terminals, unlimited when it is 0.
	Height int
}

// Test returns streams for a test, and the buffers that take stdout and stderr.
func Test(d Device) (streams *Streams, out, err *bytes.Buffer) {
	out, err = new(bytes.Buffer), new(bytes.Buffer)
	if d.In == nil {
		d.In = strings.NewReader("")
	}
	as := func(terminal bool) device {
		return device{
			terminal: terminal, cursor: terminal, color: d.Color, unicode: d.Unicode,
			size: func() (int, int) { return d.Width, d.Height },
		}
	}
	streams = &Streams{
		In: d.In, Out: out, Err: err,
		in: as(d.InTerminal), out: as(d.OutTerminal), err: as(d.ErrTerminal),
	}
	return streams, out, err
}
