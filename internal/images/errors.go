package images

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// RegistryError is a registry that did not do what it was asked.
type RegistryError struct {
	Doing    string // "pulling"
	Image    string
	Registry string // its host
	// Denied says that it wants other credentials, Missing that it has no such
	// image; if it is neither and did not answer, it is Unreachable.
	Denied, Missing, Unreachable bool
	Err                          error
}

func (e *RegistryError) Error() string {
	reason := e.Err.Error()
	switch {
	case e.Denied:
		reason = e.Registry + " does not allow it"
	case e.Missing:
		reason = e.Registry + " has no such image"
	}
	return fmt.Sprintf("%s %s: %s", e.Doing, e.Image, reason)
}
func (e *RegistryError) Unwrap() error { return e.Err }

// ArchiveError is an archive that cannot be read.
type ArchiveError struct {
	Archive string
	Err     error
}

func (e *ArchiveError) Error() string { return fmt.Sprintf("reading %s: %v", e.Archive, e.Err) }
func (e *ArchiveError) Unwrap() error { return e.Err }

// explain tells what a registry means.
func explain(doing, image string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s %s: %w", doing, image, err)
	}
	ref, parseErr := name.ParseReference(image)
	if parseErr != nil {
		return fmt.Errorf("%s %s: %w", doing, image, parseErr)
	}
	explained := &RegistryError{Doing: doing, Image: image, Registry: ref.Context().RegistryStr(), Err: err}
	answer, answered := errors.AsType[*transport.Error](err)
	if !answered {
		_, explained.Unreachable = errors.AsType[interface {
			error
			Timeout() bool
		}](err)
		return explained
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		explained.Denied = true
	case http.StatusNotFound:
		explained.Missing = true
	}
	return explained
}
