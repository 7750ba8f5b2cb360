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
	streams, out, _ := Test(Device{OutTerminal: true, Height: 3})
	screen := NewScreen(streams)
	for _, text := range []string{"one", "1\n2\n3\n4"} {
		if err := screen.Show(shows(text)); err != nil {
			t.Fatal(err)
		}
	}
	// The last line of the terminal is where the cursor rests.
	if got, want := out.String(), "\rone\x1b[K\n\x1b[J\r\x1b[1A1\x1b[K\n2\x1b[K\n\x1b[J"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
