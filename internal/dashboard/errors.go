package dashboard

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// NotInstalledError is a dashboard that is not there.
type NotInstalledError struct {
	Dashboard Dashboard
	// Namespace is the one that was looked in; empty is all.
	Namespace string
	// Service and Selector are what was looked for, if the user named it.
	Service, Selector string
	// Elsewhere are the namespaces that have it, as far as the user may look.
	Elsewhere []string
}

func (e *NotInstalledError) Error() string {
	where := " in this cluster"
	if e.Namespace != "" {
		where = " in namespace " + e.Namespace
	}
	switch {
	case e.Service != "":
		return "there is no Service " + e.Service + where
	case e.Selector != "":
		return fmt.Sprintf("nothing%s has the labels %s", where, e.Selector)
	}
	return e.Dashboard.Title + " is not installed" + where
}

// AmbiguousError is a dashboard that is in several namespaces, none of which is
// the one where it is expected.
type AmbiguousError struct {
	Dashboard  Dashboard
	Namespaces []string
}

func (e *AmbiguousError) Error() string {
	return e.Dashboard.Title + " is in several namespaces: " + strings.Join(e.Namespaces, ", ")
}

// NoPodError is a pod or a workload that is not there, or not any more.
type NoPodError struct {
	Dashboard Dashboard
	Ref       object.Ref
}

func (e *NoPodError) Error() string { return "there is no " + e.Ref.String() }

// NotReadyError is a dashboard without a pod that can answer.
type NotReadyError struct {
	Dashboard Dashboard
	// Of is what the pods belong to: a Service, a workload, or labels.
	Of   string
	Pods []PodTrouble
}

// PodTrouble is why a pod cannot answer.
type PodTrouble struct {
	Namespace, Pod string
	Reason         string
}

func (e *NotReadyError) Error() string {
	message := e.Dashboard.Title + " is not ready: "
	if len(e.Pods) == 0 {
		return message + e.Of + " has no pods"
	}
	const many = 3
	var troubles []string
	for _, trouble := range e.Pods[:min(len(e.Pods), many)] {
		troubles = append(troubles, "Pod "+trouble.Namespace+"/"+trouble.Pod+": "+trouble.Reason)
	}
	if more := len(e.Pods) - many; more > 0 {
		troubles = append(troubles, fmt.Sprintf("and %d more", more))
	}
	return message + strings.Join(troubles, "; ")
}

// SilentError is a pod that is ready although nobody answers on the port.
type SilentError struct {
	Dashboard Dashboard
	Pod       object.Ref
	Port      int
	Err       error
}

func (e *SilentError) Error() string {
	return fmt.Sprintf("%s does not answer: %s is ready, but port %d leads nowhere: %s", e.Dashboard.Title, e.Pod, e.Port, Reason(e.Err))
}

func (e *SilentError) Unwrap() error { return e.Err }

// PodGoneError is why a session leaves a pod, and what it ends with where there
// was no time to find out more.
type PodGoneError struct{ Why string }

func (e *PodGoneError) Error() string { return e.Why }

// ErrNoAnswer is what is wrong with a program that takes too long.
var ErrNoAnswer = errors.New("there is no answer")

// Reason is what an error says apart from what it is about, where it tells that
// apart.
func Reason(err error) string {
	var known interface{ Reason() string }
	if errors.As(err, &known) {
		return known.Reason()
	}
	return err.Error()
}

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
