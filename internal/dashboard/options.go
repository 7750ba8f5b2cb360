package dashboard

import (
	"cmp"
	"time"

	"github.com/meshctl/meshctl/internal/object"
)

// Options say where a dashboard is and where it shall appear.
type Options struct {
	// Namespace is the only one to look in; empty is all.
	Namespace string
	// Home is looked in before all others, where Namespace is empty.
	Home string
	// Service names the Service, if it is known.
	Service string
	// Selector is used instead of those of the table.
	Selector string
	// Workload is a pod, or something that has pods, to take instead of a Service.
	Workload object.Ref
	// RemotePort is the one of the pod; 0 finds out.
	RemotePort int
	// Address is what to listen on: "localhost", which is also what empty means,
	// or an IP address.
	Address string
	// Port is the local port. 0 takes the one the pod has, or another if that
	// is not free.
	Port int
	// AnyPort takes one that is free and leaves the usual one to others: for
	// sessions whose address nobody reads.
	AnyPort bool
	// Scheme is http or https; empty finds out.
	Scheme string
	// Path is where the pages start; empty finds out. "/" is the root.
	Path string
	// Page is what to open below that, and About what the page shall be about;
	// nil opens the start.
	Page  *Page
	About About
	// Notify takes what happens to the session; nil if nobody wants to know.
	Notify func(Event)
	// Patience is how long Wait looks for a pod before it gives up; 0 is standardPatience.
	Patience time.Duration
	// Pulse is how often the way to the pod is tried while browsers are connected;
	// 0 is standardPulse.
	Pulse time.Duration
}

// standardPatience is longer than a node takes to come back or an image to be pulled.
const standardPatience = 5 * time.Minute

// standardPulse is a few pages a minute.
const standardPulse = 15 * time.Second

func (o Options) withDefaults() Options {
	o.Address = cmp.Or(o.Address, localhost)
	o.Patience = cmp.Or(o.Patience, standardPatience)
	o.Pulse = cmp.Or(o.Pulse, standardPulse)
	return o
}

// Event is something that happened to a session.
type Event struct {
	State State
	// Pod is the one that was lost, or the one that takes its place.
	Pod object.Ref
	// Cause is why it was lost.
	Cause error
}

// State is what became of a session.
type State string

// The states that are told.
const (
	Lost     State = "lost"
	Restored State = "restored"
)

func (o Options) notify(event Event) {
	if o.Notify != nil {
		o.Notify(event)
	}
}
