package dashboard

import (
	"context"
	"fmt"
	"net/http"
)

// Check asks the program for the page that says that it is well. nil is a
// program that is; the error is what keeps it from being so.
func (s *Session) Check(ctx context.Context) error {
	if s.local != nil {
		return nil // whoever asks is answered by the same process
	}
	got, err := s.get(ctx, or(s.dashboard.Health, "/"))
	switch {
	case err != nil && ctx.Err() != nil:
		return ErrNoAnswer
	case err != nil:
		return err
	case got.status >= http.StatusInternalServerError:
		return fmt.Errorf("it answers %d %s", got.status, http.StatusText(got.status))
	}
	return nil
}
