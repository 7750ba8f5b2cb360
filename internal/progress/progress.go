// Package progress is the vocabulary in which long work says what it is doing.
//
// Stages send Events into a Sink; the terminal, a log line or a JSON stream
// are made of them elsewhere. Events carry facts only: no colour, no glyph, no
// width and no time.
package progress

// State is how far a subject has come.
type State string

// The states of a subject, in the order in which it passes through them.
const (
	// Queued subjects wait for another one to finish first.
	Queued State = "queued"
	// Running subjects are being applied or deleted.
	Running State = "running"
	// Waiting subjects are applied and not healthy yet; Detail says what is missing.
	Waiting State = "waiting"
	// Done subjects are applied and healthy, or gone when they were to be deleted.
	Done State = "done"
	// Skipped subjects were not touched because something before them failed.
	Skipped State = "skipped"
	// Failed subjects ended in Err.
	Failed State = "failed"
)

// Event is one change in the state of one subject.
type Event struct {
	// Stage is the step of the pipeline: "render", "plan", "lock", "apply", "delete".
	Stage string
	// Subject is what the event is about: a component's title such as "Ingress gateways"; empty for the stage itself.
	Subject string
	State   State
	// Detail says more in a few words: "12 objects", "istiod: 0 of 1 pods ready".
	Detail string
	// Err is the reason of Failed.
	Err error
}

// Sink takes events. It may be called from several goroutines at once.
type Sink func(Event)

// Discard is the Sink for those who do not listen.
func Discard(Event) {}
