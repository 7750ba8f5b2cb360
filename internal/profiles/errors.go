package profiles

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// InputError is one thing wrong with what the user asked for.
type InputError struct {
	Place   Origin // the file and line, or the flag
	Path    string // the setting, e.g. spec.values.pilot.env; "" if none can be named
	Problem string // what was found and what was expected
	Hint    string // what to do about it, "" if the problem says it all
}

func (e *InputError) Error() string {
	text := e.Problem
	if e.Path != "" {
		text = e.Path + ": " + text
	}
	if place := e.Place.place(); place != "" {
		text = place + ": " + text
	}
	return text
}

// Usage reports whether a flag is wrong; if not, a file is.
func (e *InputError) Usage() bool { return e.Place.Kind == FromSet }

// UnknownProfileError is a profile that does not exist.
type UnknownProfileError struct {
	Name  string
	Known []string // all there are, sorted
	Near  []string // those that look like it, nearest first
	Place Origin   // who asked for it
}

func (e *UnknownProfileError) Error() string {
	text := fmt.Sprintf("unknown profile %q", e.Name)
	if place := e.Place.place(); place != "" {
		text = place + ": " + text
	}
	return text
}

// Hint is what to do about it.
func (e *UnknownProfileError) Hint() string {
	return either(didYouMean(e.Near), "the profiles are "+strings.Join(e.Known, ", "))
}

// Usage reports whether a flag asked for it; if not, a file did.
func (e *UnknownProfileError) Usage() bool { return e.Place.Kind == FromSet }

// Problems lists the input errors an error is made of, in its order.
func Problems(err error) []*InputError {
	if problem, ok := err.(*InputError); ok { //nolint:errorlint // the tree is walked by hand
		return []*InputError{problem}
	}
	var problems []*InputError
	switch wrapped := err.(type) { //nolint:errorlint // the tree is walked by hand
	case interface{ Unwrap() []error }:
		for _, part := range wrapped.Unwrap() {
			problems = append(problems, Problems(part)...)
		}
	case interface{ Unwrap() error }:
		problems = Problems(wrapped.Unwrap())
	}
	return problems
}

// problems collects input errors.
type problems struct {
	found []*InputError
}

func (p *problems) add(problem *InputError) { p.found = append(p.found, problem) }

// err joins what was collected, each once: files in the order they were given,
// by line, then flags.
func (p *problems) err(files []File) error {
	rank := func(e *InputError) int {
		if e.Place.Kind == FromSet {
			return len(files) + 1
		}
		return slices.IndexFunc(files, func(f File) bool { return f.Name == e.Place.Name })
	}
	slices.SortStableFunc(p.found, func(a, b *InputError) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Place.Line, b.Place.Line), strings.Compare(a.Path, b.Path))
	})
	seen := map[InputError]bool{}
	var errs []error
	for _, problem := range p.found {
		if !seen[*problem] {
			seen[*problem] = true
			errs = append(errs, problem)
		}
	}
	return errors.Join(errs...)
}

func didYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}

func either(texts ...string) string { return cmp.Or(texts...) }
