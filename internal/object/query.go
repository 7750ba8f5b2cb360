package object

import "time"

// Query narrows a listing. Empty fields do not narrow it.
type Query struct {
	Namespace string
	// Labels and Fields are selectors as kubectl writes them.
	Labels string
	Fields string
}

// Observer is told of objects and what becomes of them. Its functions are called
// one after another.
type Observer struct {
	// All takes all objects there are: at first, and again where changes were missed.
	All func([]Object)
	// One takes an object that changed, or is gone.
	One func(o Object, gone bool)
	// Trouble takes what keeps news from coming, and nil when they come again.
	Trouble func(error)
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
