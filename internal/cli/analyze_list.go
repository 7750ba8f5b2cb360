package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// listChecks prints every check with its codes.
func listChecks(env *Env) error {
	table := ui.NewTable("check", "code", "severity", "kiali", "title")
	for _, a := range suite.All() {
		name := a.Name
		for _, code := range a.Codes {
			table.Row(name, code.ID, code.Severity.String(), kiali(code), code.Title)
			name = ""
		}
	}
	return table.Print(env.IO.Stdout())
}

// kiali are the codes by which Kiali knows the same.
func kiali(code *analyze.Code) string {
	if len(code.Aliases) == 0 {
		return "-"
	}
	return strings.Join(code.Aliases, ",")
}

// explainCode prints the page of a code.
func explainCode(env *Env, id string) error {
	code, ok := suite.Find(id)
	if !ok {
		var known []string
		for _, code := range suite.Codes() {
			known = append(append(known, code.ID), code.Aliases...)
		}
		return &UsageError{Err: fmt.Errorf("there is no code %q", id), Near: profiles.Near(strings.ToUpper(id), known)}
	}
	w := env.IO.Stdout()
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n", w.Theme.Heading.Render(code.ID), w.Theme.Heading.Render(code.Title))
	fmt.Fprintf(&text, "%s, found by %s", code.Severity, strings.Join(suite.ReportedBy(code), ", "))
	if len(code.Aliases) > 0 {
		fmt.Fprintf(&text, ", in Kiali %s", strings.Join(code.Aliases, ", "))
	}
	fmt.Fprintf(&text, "\n\n%s\n", strings.TrimSpace(code.Doc))
	_, err := io.WriteString(w, text.String())
	return err
}

// unknownCheck puts the names near a misspelt one beside it.
func unknownCheck(err error) error {
	if unknown, ok := errors.AsType[*suite.UnknownError](err); ok {
		return &UsageError{Err: err, Near: profiles.Near(unknown.Name, unknown.Known)}
	}
	return err
}
