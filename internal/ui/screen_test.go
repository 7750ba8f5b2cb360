package ui

import (
	"fmt"
	"testing"
)

func shows(text string) func(Writer) error {
	return func(w Writer) error {
		_, err := fmt.Fprintln(w, text)
		return err
	}
}

func TestScreen_PipesGetOneAfterTheOther(t *testing.T) {
	streams, out, _ := Test(Device{})
	screen := NewScreen(streams)
	for _, text := range []string{"one", "two"} {
		if err := screen.Show(shows(text)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := out.String(), "one\n\ntwo\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestScreen_TerminalsGetOneInThePlaceOfTheOther(t *testing.T) {
	streams, out, _ := Test(Device{OutTerminal: true, Width: 6, Height: 3})
	screen := NewScreen(streams)
	if screen.Resized() {
		t.Error("what shows nothing has another size")
	}
	for _, text := range []string{"one", "too long\n2\n3\n4"} {
		if err := screen.Show(shows(text)); err != nil {
			t.Fatal(err)
		}
	}
	screen.Close()
	screen.Close()
	want := "\x1b[?1049h\x1b[Hone\x1b[K\r\n\x1b[J" +
		"\x1b[Hto...\x1b[K\r\n2\x1b[K\r\n\x1b[J" + // the last line and the last column are free
		"\x1b[?1049ltoo long\n2\n3\n4\n" // what was shown last stays, whole
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestScreen_NoticesAnotherSize(t *testing.T) {
	streams, _, _ := Test(Device{OutTerminal: true})
	columns := 80
	streams.out.size = func() (int, int) { return columns, 24 }
	screen := NewScreen(streams)
	if err := screen.Show(shows("text")); err != nil || screen.Resized() {
		t.Errorf("nothing changed, and it did: %v", err)
	}
	columns = 60
	if !screen.Resized() {
		t.Error("the window is narrower")
	}
}
