package object

import "time"

// Query narrows a listing. Empty fields do not narrow it.
type Query struct {
	Namespace string
	// Labels and Fields are selectors as kubectl writes them.
	Labels string
	Fields string
}

// Event is something the cluster noted about an object.
type Event struct {
	// Type is Normal or Warning.
	Type    string
	Reason  string
	Message string
	Count   int
	Last    time.Time
}
