package cli

import "sync"

// newOnce returns a function that says whether it sees a text for the first
// time. It may be called from several goroutines.
func newOnce() func(text string) bool {
	var seen sync.Map
	return func(text string) bool {
		_, known := seen.LoadOrStore(text, true)
		return !known
	}
}
