package ui

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// tell writes a part of the story. Nobody listening is no reason to stop the work.
func tell(w io.Writer, format string, values ...any) {
	_, _ = fmt.Fprintf(w, format, values...)
}

// lineWriter collects what is written and hands on whole lines only, so that
// they can be placed between the lines of a reporter.
type lineWriter struct {
	print func(lines string)

	mu      sync.Mutex
	pending []byte
}

func (w *lineWriter) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = append(w.pending, text...)
	if end := bytes.LastIndexByte(w.pending, '\n') + 1; end > 0 {
		w.print(string(w.pending[:end]))
		w.pending = append(w.pending[:0], w.pending[end:]...)
	}
	return len(text), nil
}

// flush ends a line that was begun and not ended.
func (w *lineWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pending) > 0 {
		w.print(string(w.pending) + "\n")
		w.pending = nil
	}
}

// every calls f again and again until stop is called; stop waits for a call that is under way.
func every(interval time.Duration, f func()) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				f()
			case <-quit:
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(quit)
		<-ended
	})
}
