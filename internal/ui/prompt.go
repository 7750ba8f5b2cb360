package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// NotTerminalError says that a question could not be put to anybody.
type NotTerminalError struct {
	// Stream is the stream that is no terminal: "stdin" or "stderr".
	Stream string
	// Question is what would have been asked.
	Question string
}

func (e *NotTerminalError) Error() string {
	return fmt.Sprintf("%s is not a terminal, so nobody can be asked %q", e.Stream, e.Question)
}

// Confirm asks a yes/no question on stderr and reads the answer from stdin.
// Enter and the end of input mean no. When ctx ends first its error is
// returned; the pending read then stays behind until the process ends, because
// a read from a terminal cannot be called off.
func Confirm(ctx context.Context, s *Streams, question string) (bool, error) {
	if !s.in.terminal {
		return false, &NotTerminalError{Stream: "stdin", Question: question}
	}
	if !s.err.terminal {
		return false, &NotTerminalError{Stream: "stderr", Question: question}
	}
	theme := s.Stderr().Theme
	for {
		tell(s.Err, "%s %s ", theme.Emphasis.Render(question), theme.Muted.Render("[y/N]"))
		answer, err := readLine(ctx, s.In)
		if err != nil {
			// The cursor still stands behind the question.
			tell(s.Err, "\n")
			if errors.Is(err, io.EOF) {
				return false, nil
			}
			return false, err
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return true, nil
		case "", "n", "no":
			return false, nil
		}
		tell(s.Err, "Please answer yes or no.\n")
	}
}

// readLine reads up to the next newline, or until ctx ends.
func readLine(ctx context.Context, in io.Reader) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	type result struct {
		line string
		err  error
	}
	answered := make(chan result, 1)
	go func() {
		var line []byte
		// Byte by byte, so that nothing after the newline is taken from the next reader.
		for char := make([]byte, 1); ; {
			n, err := in.Read(char)
			if n == 1 && char[0] == '\n' {
				answered <- result{line: string(line)}
				return
			}
			line = append(line, char[:n]...)
			if err != nil {
				answered <- result{err: err}
				return
			}
		}
	}()
	select {
	case r := <-answered:
		return r.line, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
