package suite

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

// Selection is which checks run, and which of their codes count.
type Selection struct {
	Analyzers []*analyze.Analyzer
	only      []string
	skip      []string
}

// UnknownError is a name that no check and no code has.
type UnknownError struct {
	Name string
	// Known are all names there are.
	Known []string
}

func (e *UnknownError) Error() string { return fmt.Sprintf("there is no check or code %q", e.Name) }

// Select chooses checks by their names, the names istioctl has for them, codes,
// the codes Kiali has for them, and patterns of all these with stars. Without
// any in only, all checks are chosen; skip takes away.
func Select(only, skip []string) (Selection, error) {
	s := Selection{only: only, skip: skip}
	for _, name := range slices.Concat(only, skip) {
		if !slices.ContainsFunc(All(), func(a *analyze.Analyzer) bool {
			return names(a, name) || slices.ContainsFunc(a.Codes, func(c *analyze.Code) bool { return calls(c, name) })
		}) {
			return s, &UnknownError{Name: name, Known: Names()}
		}
	}
	for _, a := range All() {
		if a.OnRequest && !requested(a, only) {
			continue
		}
		if slices.ContainsFunc(a.Codes, func(c *analyze.Code) bool { return s.Keeps(a, c) }) {
			s.Analyzers = append(s.Analyzers, a)
		}
	}
	return s, nil
}

// requested says whether a check is named, itself or by one of its codes. A
// pattern that happens to fit names nothing.
func requested(a *analyze.Analyzer, only []string) bool {
	return slices.ContainsFunc(only, func(name string) bool {
		return !strings.ContainsAny(name, "*?[") && (names(a, name) || slices.ContainsFunc(a.Codes, func(c *analyze.Code) bool { return calls(c, name) }))
	})
}

// Keeps says whether findings with this code of this check are wanted.
func (s Selection) Keeps(a *analyze.Analyzer, code *analyze.Code) bool {
	match := func(name string) bool { return names(a, name) || calls(code, name) }
	return (len(s.only) == 0 || slices.ContainsFunc(s.only, match)) && !slices.ContainsFunc(s.skip, match)
}

// Names are all names that Select knows.
func Names() []string {
	var known []string
	for _, a := range All() {
		known = append(known, a.Name)
		known = append(known, a.Legacy...)
	}
	for _, code := range Codes() {
		known = append(known, code.ID)
		known = append(known, code.Aliases...)
	}
	return known
}

// Codes are all codes there are, each once, in order.
func Codes() []*analyze.Code {
	codes := []*analyze.Code{analyze.Failure}
	for _, a := range All() {
		codes = append(codes, a.Codes...)
	}
	slices.SortFunc(codes, func(a, b *analyze.Code) int { return strings.Compare(a.ID, b.ID) })
	return slices.Compact(codes)
}

// Find finds a code by its ID or that of Kiali.
func Find(id string) (*analyze.Code, bool) {
	at := slices.IndexFunc(Codes(), func(c *analyze.Code) bool { return calls(c, id) })
	if at < 0 {
		return nil, false
	}
	return Codes()[at], true
}

// ReportedBy are the names of the checks that report a code.
func ReportedBy(code *analyze.Code) []string {
	if code == analyze.Failure {
		return []string{"whichever check it is"}
	}
	var names []string
	for _, a := range All() {
		if slices.Contains(a.Codes, code) {
			names = append(names, a.Name)
		}
	}
	return names
}

func names(a *analyze.Analyzer, pattern string) bool {
	return matches(pattern, a.Name) || slices.ContainsFunc(a.Legacy, func(name string) bool { return matches(pattern, name) })
}

func calls(code *analyze.Code, pattern string) bool {
	return matches(pattern, code.ID) || slices.ContainsFunc(code.Aliases, func(alias string) bool { return matches(pattern, alias) })
}

func matches(pattern, name string) bool {
	matched, err := path.Match(strings.ToLower(pattern), strings.ToLower(name))
	return err == nil && matched
}
