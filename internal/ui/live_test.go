package ui

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// screen shows what a terminal would after text, the cursor as a last "_".
// It knows the few sequences that live uses and fails on any other.
func screen(t *testing.T, text string) string {
	t.Helper()
	tokens := regexp.MustCompile(`(?s)\x1b\[(\d*)([A-Za-z])|.`)
	lines, row := [][]rune{nil}, 0
	column := 0
	for _, token := range tokens.FindAllStringSubmatch(text, -1) {
		switch count, _ := strconv.Atoi(token[1]); {
		case token[0] == "\n":
			row, column = row+1, 0
			if row == len(lines) {
				lines = append(lines, nil)
			}
		case token[0] == "\r":
			column = 0
		case token[2] == "A":
			if row -= count; row < 0 {
				t.Fatal("the cursor left the screen")
			}
		case token[2] == "K":
			lines[row] = lines[row][:min(column, len(lines[row]))]
		case token[2] == "J":
			lines = lines[:row+1]
			lines[row] = lines[row][:min(column, len(lines[row]))]
		case token[2] != "":
			t.Fatalf("unexpected sequence %q", token[0])
		default:
			lines[row] = slices.Replace(lines[row], column, min(column+1, len(lines[row])), []rune(token[0])...)
			column++
		}
	}
	for row < len(lines)-1 && len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}
	if column != 0 || row != len(lines)-1 {
		t.Errorf("the cursor rests at line %d of %d, column %d", row+1, len(lines), column)
	}
	var shown strings.Builder
	for _, line := range lines {
		shown.WriteString(string(line) + "\n")
	}
	return strings.TrimSuffix(shown.String(), "\n") + "_\n"
}

// record can be read while it is written to.
type record struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *record) Write(text []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(text)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func TestLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out, _ := Test(Device{ErrTerminal: true, Unicode: true, Width: 60, Height: 20})
		stderr := new(record)
		streams.Err = stderr
		r := NewReporter(streams, ProgressAuto, false, time.Now)
		var got strings.Builder
		show := func(when string) {
			synctest.Wait()
			fmt.Fprintf(&got, "== %s\n%s", when, screen(t, stderr.String()))
		}
		send := func(subject string, state progress.State, detail string) {
			r.Sink()(progress.Event{Stage: "apply", Subject: subject, State: state, Detail: detail})
		}
		send("", progress.Running, "")
		send("Control plane", progress.Running, "22 objects")
		show("before the first frame")
		time.Sleep(150 * time.Millisecond)
		show("first frame")
		send("Grafana", progress.Running, "a long detail that does not fit in the sixty columns there are")
		send("Control plane", progress.Waiting, "istiod: 0 of 1 pods ready")
		time.Sleep(3 * time.Second)
		Warning(r.Writer(), "the cluster is old")
		fmt.Fprint(r.Writer(), "not yet a line")
		show("a line was printed")
		_ = r.Aside(func() error {
			show("aside")
			fmt.Fprintln(streams.Err, "Go on? [y/N] y")
			time.Sleep(time.Second)
			show("asked")
			return nil
		})
		send("Control plane", progress.Done, "")
		time.Sleep(time.Second)
		show("back again")
		r.Close()
		r.Close()
		send("Grafana", progress.Done, "")
		Warning(r.Writer(), "printed afterwards")
		show("closed")
		golden(t, "live", got.String())
		if out.Len() > 0 {
			t.Errorf("progress reached stdout: %q", out)
		}
	})
}

func TestLive_WhatIsOverStaysAwayAfterNo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, stderr := Test(Device{ErrTerminal: true})
		r := NewReporter(streams, ProgressAuto, false, time.Now)
		r.Sink()(progress.Event{Stage: "plan", State: progress.Done, Detail: "60 to create"})
		time.Sleep(150 * time.Millisecond)
		_ = r.Aside(func() error {
			fmt.Fprintln(streams.Err, "Go on? [y/N] n")
			return nil
		})
		time.Sleep(150 * time.Millisecond)
		r.Close()
		if got := screen(t, stderr.String()); got != "Go on? [y/N] n\n_\n" {
			t.Errorf("the screen shows:\n%s", got)
		}
	})
}

func TestLive_RepaintsOnlyWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, stderr := Test(Device{ErrTerminal: true, Width: 60})
		r := NewReporter(streams, ProgressAuto, false, time.Now)
		r.Sink()(progress.Event{Stage: "apply", Subject: "Base", State: progress.Done})
		r.Sink()(progress.Event{Stage: "apply", Subject: "Grafana", State: progress.Running})
		time.Sleep(10 * time.Second)
		r.Close()
		if times := strings.Count(stderr.String(), "Base"); times != 1 {
			t.Errorf("a line that did not change was written %d times", times)
		}
	})
}

func TestLive_NarrowerWindow(t *testing.T) {
	columns := 60
	l := &live{now: time.Now, device: device{terminal: true, size: func() (int, int) { return columns, 0 }}}
	l.painted = []string{strings.Repeat("x", 59), "short", ""}
	if rows := l.rows(columns); rows != 3 {
		t.Errorf("%d rows at first", rows)
	}
	columns = 25
	if rows := l.rows(columns); rows != 5 {
		t.Errorf("%d rows in the narrow window", rows)
	}
}

func TestLive_ManyGoroutines(t *testing.T) {
	streams, _, stderr := Test(Device{ErrTerminal: true, Width: 60})
	r := NewReporter(streams, ProgressLive, false, time.Now)
	done := make(chan struct{})
	for i := range 8 {
		go func() {
			for j := range 100 {
				r.Sink()(progress.Event{Stage: "apply", Subject: fmt.Sprint(i), State: progress.Running, Detail: fmt.Sprint(j)})
				fmt.Fprintln(r.Writer(), "line", i, j)
			}
			done <- struct{}{}
		}()
	}
	for range 8 {
		<-done
	}
	r.Close()
	for i := range 8 {
		for j := range 100 {
			if line := fmt.Sprintln("line", i, j); !strings.Contains(stderr.String(), line) {
				t.Fatalf("%q got lost", line)
			}
		}
	}
}
