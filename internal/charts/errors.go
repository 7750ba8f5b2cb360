package charts

import (
	"fmt"
	"net/http"
	"strings"
)

// MissingError is a chart that a source does not have.
type MissingError struct {
	Names  []string // any of which would do
	Source string
	Known  []string // the charts that are there; nil if the source does not tell
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("there is no chart %s in %s", strings.Join(e.Names, " or "), e.Source)
}

// VersionError is a version that a source does not have of a chart.
type VersionError struct {
	Chart  string
	Source string
	Wanted string
	Known  []string // nearest first
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("there is no version %s of chart %s in %s", e.Wanted, e.Chart, e.Source)
}

// BadVersionError is neither a version nor a range of them.
type BadVersionError struct{ Version string }

func (e *BadVersionError) Error() string {
	return fmt.Sprintf("%q is no version, nor a range of versions", e.Version)
}

// AmbiguousError is a chart that a directory has twice in one version.
type AmbiguousError struct {
	Chart, Version string
	Paths          []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("chart %s %s is there more than once: %s", e.Chart, e.Version, strings.Join(e.Paths, ", "))
}

// LocationError is a place that cannot be what was meant.
type LocationError struct {
	Location string
	Problem  string
	// Repositories are the names that Helm has repositories by.
	Repositories []string
}

func (e *LocationError) Error() string { return e.Location + ": " + e.Problem }

// AccessError is a server that wants credentials, or others than it was given.
type AccessError struct {
	Location string
	Status   int
	// Credentials says that some were sent.
	Credentials bool
	// Registry says that it is an OCI registry, not a Helm repository.
	Registry bool
	// Config is the file that credentials are looked up in.
	Config string
}

func (e *AccessError) Error() string {
	return fmt.Sprintf("fetching %s: the server answers %d (%s)", e.Location, e.Status, strings.ToLower(http.StatusText(e.Status)))
}

// CertificateError is a server whose certificate cannot be trusted.
type CertificateError struct {
	Location string
	Config   string
	Err      error
}

func (e *CertificateError) Error() string { return fmt.Sprintf("fetching %s: %v", e.Location, e.Err) }
func (e *CertificateError) Unwrap() error { return e.Err }

// FetchError is something that could not be downloaded.
type FetchError struct {
	Location string
	Err      error
}

func (e *FetchError) Error() string { return fmt.Sprintf("fetching %s: %v", e.Location, e.Err) }
func (e *FetchError) Unwrap() error { return e.Err }

// StatusError is an answer that is neither the file nor about credentials.
type StatusError struct {
	Location string
	Status   int
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("fetching %s: the server answers %d (%s)", e.Location, e.Status, strings.ToLower(http.StatusText(e.Status)))
}

// DigestError is an archive that is not the one its publisher announced.
type DigestError struct {
	Location  string
	Got, Want string
}

func (e *DigestError) Error() string {
	return fmt.Sprintf("%s is not what its publisher announced: its digest is %s, not %s", e.Location, e.Got, e.Want)
}

// BrokenError is something that is there and cannot be read.
type BrokenError struct {
	Location string
	Err      error
}

func (e *BrokenError) Error() string { return fmt.Sprintf("reading %s: %v", e.Location, e.Err) }
func (e *BrokenError) Unwrap() error { return e.Err }
