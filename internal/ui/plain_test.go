package ui

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// play sends an install that is stopped by a slow control plane and a failing
// add-on. Nothing happens at a full second, when reporters look by themselves.
func play(sink progress.Sink) {
	sink(progress.Event{Stage: "plan", State: progress.Running})
	time.Sleep(1250 * time.Millisecond)
	sink(progress.Event{Stage: "plan", State: progress.Done, Detail: "60 to create"})
	sink(progress.Event{Stage: "apply", State: progress.Running})
	for _, name := range []string{"Control plane", "Grafana", "Ingress gateways"} {
		sink(progress.Event{Stage: "apply", Subject: name, State: progress.Queued})
	}
	sink(progress.Event{Stage: "apply", Subject: "Control plane", State: progress.Running, Detail: "12 objects"})
	sink(progress.Event{Stage: "apply", Subject: "Grafana", State: progress.Running})
	time.Sleep(900 * time.Millisecond)
	for range 3 {
		sink(progress.Event{Stage: "apply", Subject: "Control plane", State: progress.Waiting, Detail: "istiod: 0 of 1 pods ready"})
	}
	sink(progress.Event{Stage: "apply", Subject: "Grafana", State: progress.Failed, Err: errors.New("pulling the image:\n\tnot found")})
	time.Sleep(40 * time.Second)
	sink(progress.Event{Stage: "apply", Subject: "Control plane", State: progress.Done})
	sink(progress.Event{Stage: "apply", Subject: "Ingress gateways", State: progress.Skipped, Detail: "Grafana failed"})
	sink(progress.Event{Stage: "apply", State: progress.Failed})
}

func TestPlain_SaysEachChangeOnceAndRepeatsLongWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out, stderr := Test(Device{})
		r := NewReporter(streams, ProgressAuto, false, time.Now)
		play(r.Sink())
		Warning(r.Writer(), "the cluster is old")
		r.Close()
		r.Close()
		golden(t, "plain", stderr.String())
		if out.Len() > 0 {
			t.Errorf("progress reached stdout: %q", out)
		}
	})
}

func TestPlain_KeepsCountsAndFlickerOutOfTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, stderr := Test(Device{})
		r := NewReporter(streams, ProgressPlain, false, time.Now)
		send := func(state progress.State, detail string) {
			r.Sink()(progress.Event{Stage: "apply", Subject: "Base", State: state, Detail: detail})
		}
		time.Sleep(time.Second / 2)
		for i := range 20 {
			send(progress.Running, fmt.Sprintf("%d of 20 objects", i+1))
			time.Sleep(time.Second)
		}
		for range 5 {
			send(progress.Waiting, "a: not ready")
			send(progress.Waiting, "b: not ready")
		}
		time.Sleep(3 * time.Second)
		send(progress.Done, "")
		r.Close()
		want := `[  0.5s] Base: applying: 1 of 20 objects
[ 16.0s] Base: still applying after 15s: 16 of 20 objects
[ 21.0s] Base: waiting: b: not ready
[ 23.5s] Base: done in 23s
`
		if got := stderr.String(); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	})
}

func TestPlain_StageSpeaksWhenItsSubjectsAreSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, stderr := Test(Device{})
		r := NewReporter(streams, ProgressPlain, false, time.Now)
		r.Sink()(progress.Event{Stage: "lock", State: progress.Waiting, Detail: "held by ann@laptop"})
		time.Sleep(16 * time.Second)
		// The stage does not say that it is over; the next one begins.
		r.Sink()(progress.Event{Stage: "upload", State: progress.Running})
		time.Sleep(16 * time.Second)
		r.Close()
		want := `[  0.0s] Locking: waiting: held by ann@laptop
[ 15.0s] Locking: still waiting after 15s: held by ann@laptop
[ 16.0s] Upload
[ 31.0s] Still upload after 15s
`
		if got := stderr.String(); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	})
}

func TestJSONLines_WritesObjectsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, stderr := Test(Device{ErrTerminal: true, Color: true})
		r := NewReporter(streams, ProgressJSON, true, time.Now)
		play(r.Sink())
		Warning(r.Writer(), "a <b> in a message\nof two lines")
		r.Close()
		golden(t, "jsonl", stderr.String())
	})
}

func TestNewReporter_QuietAndNoneShowWarningsOnly(t *testing.T) {
	for _, r := range []struct {
		mode  ProgressMode
		quiet bool
	}{{ProgressNone, false}, {ProgressAuto, true}, {ProgressLive, true}, {ProgressPlain, true}} {
		streams, _, stderr := Test(Device{ErrTerminal: true})
		reporter := NewReporter(streams, r.mode, r.quiet, time.Now)
		reporter.Sink()(progress.Event{Stage: "plan", State: progress.Running})
		Warning(reporter.Writer(), "look")
		reporter.Close()
		if got := stderr.String(); got != "warning: look\n" {
			t.Errorf("%+v printed %q", r, got)
		}
	}
}
