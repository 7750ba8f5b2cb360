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

// rounds remembers what was said in this round and the one before.
type rounds struct {
	mu        sync.Mutex
	last, now map[string]bool
}

func newRounds() *rounds { return &rounds{now: map[string]bool{}} }

// next begins a round.
func (r *rounds) next() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last, r.now = r.now, map[string]bool{}
}

// fresh says whether a text was said neither in this round nor in the one before.
func (r *rounds) fresh(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.last[text] || r.now[text]
	r.now[text] = true
	return !known
}
