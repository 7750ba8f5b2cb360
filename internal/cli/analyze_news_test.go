package cli

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestNews_WaitsForCalm saves in several steps, and wants one look.
func TestNews_WaitsForCalm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNews()
		go func() {
			for range 4 {
				n.file("/a.yaml")
				time.Sleep(100 * time.Millisecond)
			}
			n.file("/b.yaml")
		}()
		started := time.Now()
		if !n.wait(t.Context(), 0) {
			t.Fatal("the wait ended")
		}
		if waited := time.Since(started); waited < 500*time.Millisecond || waited > time.Second {
			t.Errorf("waited %s", waited)
		}
		if names := n.take(); len(names) != 2 {
			t.Errorf("changed are %v", names)
		}
	})
}

// TestNews_DoesNotWaitForEver has something happen all the time.
func TestNews_DoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		n := newNews()
		go func() {
			for ctx.Err() == nil {
				n.live()
				time.Sleep(50 * time.Millisecond)
			}
		}()
		started := time.Now()
		if !n.wait(ctx, time.Hour) || time.Since(started) > 6*time.Second {
			t.Errorf("waited %s", time.Since(started))
		}
		end()
		for n.wait(ctx, 0) {
			t.Log("what was left")
		}
		time.Sleep(time.Second) // the other one sees that it has ended
	})
}
