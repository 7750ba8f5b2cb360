package kube

import (
	"fmt"
	"net"
	"strconv"

	"github.com/meshctl/meshctl/internal/object"
)

// PortInUseError is a local port on which another process listens.
type PortInUseError struct {
	Address string
	Port    int
	Err     error
}

func (e *PortInUseError) Error() string {
	return fmt.Sprintf("%s is in use by another process", net.JoinHostPort(e.Address, strconv.Itoa(e.Port)))
}

func (e *PortInUseError) Unwrap() error { return e.Err }

// LostError is a forward whose way to the pod broke: the pod or its node went
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
