package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestDevice_Color(t *testing.T) {
	for _, test := range []struct {
		env    map[string]string
		cursor bool
		want   bool
	}{
		{nil, true, true},
		{nil, false, false},
		{map[string]string{"NO_COLOR": "1"}, true, false},
		{map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, true, false},
		{map[string]string{"CLICOLOR_FORCE": "1"}, false, true},
		{map[string]string{"CLICOLOR_FORCE": "0"}, false, false},
		{map[string]string{"CLICOLOR": "0"}, true, false},
	} {
		env := func(name string) string { return test.env[name] }
		if got := wantsColor(device{terminal: true, cursor: test.cursor}, env); got != test.want {
			t.Errorf("%v, cursor %t: %t", test.env, test.cursor, got)
		}
	}
}

func TestDevice_Unicode(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{"LANG": "en_GB.UTF-8"}, true},
		{map[string]string{"LANG": "C.utf8"}, true},
		{map[string]string{"LANG": "en_GB.UTF-8", "LC_ALL": "C"}, false},
		{map[string]string{"LANG": "C", "LC_CTYPE": "en_GB.UTF-8"}, true},
		{map[string]string{"LANG": "POSIX"}, false},
	} {
		if got := isUnicode(func(name string) string { return test.env[name] }); got != test.want {
			t.Errorf("%v: %t", test.env, got)
		}
	}
}

func TestDevice_Extent(t *testing.T) {
	for _, test := range []struct {
		terminal            bool
		size, columns, want int
	}{
		{false, 0, 100, 0},
		{true, 120, 0, 120},
		{true, 120, 60, 60},
		{true, 120, 200, 120},
		{true, 0, 100, 100},
		{true, 0, 0, 80},
	} {
		d := device{terminal: test.terminal, columns: test.columns, size: func() (int, int) { return test.size, 0 }}
		if got, _ := d.extent(); got != test.want {
			t.Errorf("%+v: %d", test, got)
		}
	}
}

func TestNewStreams_BuffersAreNoTerminals(t *testing.T) {
	env := func(name string) string { return map[string]string{"TERM": "xterm", "COLUMNS": "40"}[name] }
	var out, err bytes.Buffer
	s := NewStreams(strings.NewReader(""), &out, &err, env)
	if s.InTerminal() || s.OutTerminal() || s.ErrTerminal() || s.Stdout().Width != 0 {
		t.Errorf("terminals: %t %t %t, width %d", s.InTerminal(), s.OutTerminal(), s.ErrTerminal(), s.Stdout().Width)
	}
	if got := s.Stdout().Theme.Danger.Render("red"); got != "red" {
		t.Errorf("coloured a pipe: %q", got)
	}
}

func TestStyle_Render(t *testing.T) {
	streams, _, _ := Test(Device{Color: true})
	danger := streams.Stdout().Theme.Danger
	for text, want := range map[string]string{
		"":           "",
		"a\tb":       "\x1b[31ma\tb\x1b[0m",
		"long\n\nab": "\x1b[31mlong\x1b[0m\n\n\x1b[31mab\x1b[0m",
	} {
		if got := danger.Render(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestMessages(t *testing.T) {
	streams, _, stderr := Test(Device{ErrTerminal: true, Color: true, Unicode: true})
	w := streams.Stderr()
	Success(w, "the mesh is installed")
	Warning(w, "Kubernetes 1.31 is old")
	Failure(w, "kubectl mesh", lineError("reading mesh.yaml:\nline 3: \x1b]0;title\x07no such field"))
	Hint(w, "see 'kubectl mesh install --help'")
	ascii := Plain(stderr)
	Success(ascii, "done")
	golden(t, "messages", visible(stderr))
}

type lineError string

func (e lineError) Error() string { return string(e) }

func TestDuration(t *testing.T) {
	for duration, want := range map[time.Duration]string{
		-time.Second:             "0.0s",
		40 * time.Millisecond:    "0.0s",
		1240 * time.Millisecond:  "1.2s",
		9949 * time.Millisecond:  "9.9s",
		9950 * time.Millisecond:  "10s",
		59500 * time.Millisecond: "1m00s",
		65 * time.Second:         "1m05s",
		7380 * time.Second:       "2h03m",
	} {
		if got := Duration(duration); got != want {
			t.Errorf("%v: %s, want %s", duration, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 policies", 1: "1 policy", 2: "2 policies"} {
		if got := Plural(n, "policy", "policies"); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
