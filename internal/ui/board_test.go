package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// scene is the board of an install that is half through.
func scene(start time.Time) Board {
	var b Board
	at := func(second float64, stage, subject string, state progress.State, detail string) {
		e := progress.Event{Stage: stage, Subject: subject, State: state, Detail: detail}
		if state == progress.Failed {
			e.Detail, e.Err = "", errors.New(detail)
		}
		b = b.Next(e, start.Add(time.Duration(second*float64(time.Second))))
	}
	at(0, "render", "", progress.Running, "")
	at(0.2, "render", "", progress.Done, "78 objects")
	at(0.2, "plan", "", progress.Running, "")
	at(1.4, "plan", "", progress.Done, "60 to create, 4 to change, 14 to keep")
	at(1.4, "lock", "", progress.Waiting, "somebody is changing this mesh")
	at(1.5, "apply", "", progress.Running, "")
	for _, name := range []string{
		"Custom resource definitions", "Base", "Control plane", "Ingress gateways", "Egress gateways", "Grafana", "Prometheus",
	} {
		at(1.5, "apply", name, progress.Queued, "")
	}
	at(1.5, "apply", "Custom resource definitions", progress.Running, "")
	at(3.6, "apply", "Custom resource definitions", progress.Done, "14 objects")
	at(3.6, "apply", "Base", progress.Running, "")
	at(4, "apply", "Base", progress.Done, "11 objects")
	at(4, "apply", "Control plane", progress.Running, "22 objects")
	at(5, "apply", "Control plane", progress.Waiting, "istiod: 0 of 1 pods ready")
	at(5, "apply", "Grafana", progress.Running, "")
	at(5, "apply", "Prometheus", progress.Running, "7 objects")
	at(8, "apply", "Grafana", progress.Failed, "pulling image grafana/grafana:12.3: not found")
	at(8, "apply", "Egress gateways", progress.Skipped, "")
	return b
}

func TestBoard_View(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	board := scene(start)
	for _, look := range []struct {
		name  string
		theme Theme
	}{
		{"plain", newTheme(nil, device{unicode: true})},
		{"colour", newTheme(nil, device{unicode: true, color: true})},
		{"ascii", Theme{}},
	} {
		var got strings.Builder
		for _, columns := range []int{0, 120, 80, 40, 20} {
			frame := Frame{Theme: look.theme, Width: columns, Now: start.Add(75 * time.Second)}
			view := board.View(frame)
			fmt.Fprintf(&got, "== %d columns\n%s", columns, strings.ReplaceAll(view, "\x1b", "^"))
			for line := range strings.Lines(view) {
				if took := width(strings.TrimSuffix(line, "\n")); columns > 0 && took > columns {
					t.Errorf("%d columns: a line takes %d: %q", columns, took, line)
				}
			}
		}
		golden(t, "board-"+look.name, got.String())
	}
}

func TestBoard_ViewFoldsAndEnds(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	board := scene(start).Next(progress.Event{Stage: "apply", Subject: "Istio CNI", State: progress.Queued}, start)
	frame := Frame{Theme: Theme{unicode: true}, Width: 80, Now: start.Add(75 * time.Second)}
	var got strings.Builder
	for _, height := range []int{11, 10, 9, 8, 6, 4, 2} {
		frame.Height = height
		view := board.View(frame)
		fmt.Fprintf(&got, "== %d lines\n%s", height, view)
		if lines := strings.Count(view, "\n"); lines > height {
			t.Errorf("%d lines drawn in %d", lines, height)
		}
	}
	frame.Height, frame.Final = 0, true
	fmt.Fprintf(&got, "== final\n%s", board.View(frame))
	golden(t, "board-fold", got.String())
}

func TestBoard_ConcludesAStageThatDoesNotTell(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var board Board
	view := func() string {
		first, _, _ := strings.Cut(board.View(Frame{Now: start.Add(9 * time.Second)}), "\n")
		return first
	}
	for _, step := range []struct {
		subject string
		state   progress.State
		want    string
	}{
		{"a", progress.Running, "/ Deleting...           9s"},
		{"b", progress.Queued, "/ Deleting...           9s"},
		{"a", progress.Done, "/ Deleting...           9s"},
		{"b", progress.Done, "+ Deleted             2.0s"},
		{"b", progress.Failed, "x Deleting failed     2.0s"},
	} {
		at := start
		if step.state != progress.Running {
			at = start.Add(2 * time.Second)
		}
		board = board.Next(progress.Event{Stage: "delete", Subject: step.subject, State: step.state}, at)
		if got := view(); got != step.want {
			t.Errorf("after %s %s: %q, want %q", step.subject, step.state, got, step.want)
		}
	}
}

func TestBoard_NextLeavesTheOldBoard(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	board := scene(now)
	before := board.View(Frame{Now: now})
	board.Next(progress.Event{Stage: "apply", Subject: "Base", State: progress.Failed}, now)
	if after := board.View(Frame{Now: now}); after != before {
		t.Errorf("the board changed from\n%s\nto\n%s", before, after)
	}
}
