package ui

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestConfirm(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "YES\r\n": true, " yes \n": true,
		"n\n": false, "No\n": false, "\n": false, "": false, "ye": false,
		"maybe\ny\n": true, "yep\nn\n": false,
	} {
		streams, out, stderr := Test(Device{In: strings.NewReader(answer), InTerminal: true, ErrTerminal: true})
		got, err := Confirm(t.Context(), streams, "Install the mesh?")
		if err != nil || got != want {
			t.Errorf("%q: %t, %v, want %t", answer, got, err, want)
		}
		if !strings.HasPrefix(stderr.String(), "Install the mesh? [y/N] ") || out.Len() > 0 {
			t.Errorf("%q: asked %q on stderr and %q on stdout", answer, stderr, out)
		}
	}
}

func TestConfirm_LeavesTheRestOfStdin(t *testing.T) {
	in := bufio.NewReader(strings.NewReader("y\nmore"))
	streams, _, _ := Test(Device{In: in, InTerminal: true, ErrTerminal: true})
	if _, err := Confirm(t.Context(), streams, "Go?"); err != nil {
		t.Fatal(err)
	}
	if rest, _ := io.ReadAll(in); string(rest) != "more" {
		t.Errorf("left %q", rest)
	}
}

func TestConfirm_NeedsATerminal(t *testing.T) {
	for stream, device := range map[string]Device{
		"stdin":  {ErrTerminal: true, In: strings.NewReader("y\n")},
		"stderr": {InTerminal: true, In: strings.NewReader("y\n")},
	} {
		streams, _, stderr := Test(device)
		ok, err := Confirm(t.Context(), streams, "Go?")
		var notTerminal *NotTerminalError
		if ok || !errors.As(err, &notTerminal) || notTerminal.Stream != stream {
			t.Errorf("%s: %t, %v", stream, ok, err)
		}
		if stderr.Len() > 0 {
			t.Errorf("%s: asked %q all the same", stream, stderr)
		}
	}
}

func TestConfirm_EndsWithItsContext(t *testing.T) {
	in, typed := io.Pipe()
	defer typed.Close()
	streams, _, stderr := Test(Device{In: in, InTerminal: true, ErrTerminal: true})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	ok, err := Confirm(ctx, streams, "Go?")
	if ok || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %t, %v", ok, err)
	}
	if !strings.HasSuffix(stderr.String(), "\n") {
		t.Errorf("the cursor was left behind the question: %q", stderr)
	}
}
