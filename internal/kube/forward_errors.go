package kube

import (
	"fmt"

	"github.com/meshctl/meshctl/internal/object"
)

// LostError is a tunnel whose way to the pod broke: the pod or its node went
// away, nobody listens on the port, or the network failed.
type LostError struct {
	Pod  object.Ref
	Port int
	// Cause says what is known about it: "connection refused".
	Cause string
	Err   error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("lost port %d of %s: %s", e.Port, e.Pod, e.Cause)
}

func (e *LostError) Unwrap() error { return e.Err }

// Reason is the cause alone, for those who say themselves what was lost.
func (e *LostError) Reason() string { return e.Cause }
