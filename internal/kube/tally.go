package kube

import (
	"context"
	"sync"

	"github.com/meshctl/meshctl/internal/object"
)

// tally counts the objects that are not yet as they should be.
type tally struct {
	mu      sync.Mutex
	judge   func(ref object.Ref, live *object.Object) bool
	pending map[object.Ref]bool
	done    context.CancelFunc
}

func newTally(refs []object.Ref, judge func(object.Ref, *object.Object) bool, done context.CancelFunc) *tally {
	t := &tally{judge: judge, pending: make(map[object.Ref]bool, len(refs)), done: done}
	for _, ref := range refs {
		t.pending[ref] = true
	}
	return t
}

// see judges a ref by its live object, nil when there is none, and ends the
// waiting when that was the last one.
func (t *tally) see(ref object.Ref, live *object.Object) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.pending) == 0 {
		return // what happens after the end is of no interest
	}
	if t.judge(ref, live) {
		delete(t.pending, ref)
	} else {
		t.pending[ref] = true
	}
	if len(t.pending) == 0 {
		t.done()
	}
}

// complete tells whether all is as it should be.
func (t *tally) complete() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.pending) == 0
}

func (t *tally) anyPending(refs []object.Ref) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ref := range refs {
		if t.pending[ref] {
			return true
		}
	}
	return false
}
