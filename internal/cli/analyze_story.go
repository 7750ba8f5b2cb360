package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/buildinfo"
	"github.com/meshctl/meshctl/internal/ui"
)

// print writes the findings in the chosen format.
func (a *analysis) print() error {
	return output.Write(a.env.IO.Stdout(), a.output.String(), a.written())
}

// written is what is to be written.
func (a *analysis) written() output.Input {
	theme := a.env.IO.Stdout().Theme
	return output.Input{
		Findings:   a.shown(),
		Suppressed: slices.DeleteFunc(slices.Clone(a.found.Suppressed), a.hidden),
		Checks:     a.found.Checks,
		FailOn:     a.failOn.Severity,
		Folder:     workingFolder(),
		Version:    buildinfo.Get().Version,
		Style:      output.Style{Error: theme.Danger.Render, Warning: theme.Warning.Render, Muted: theme.Muted.Render},
		Line:       a.line,
	}
}

// shown are the findings that are bad enough to be shown.
func (a *analysis) shown() []analyze.Finding {
	return slices.DeleteFunc(slices.Clone(a.found.Findings), a.hidden)
}

func (a *analysis) hidden(f analyze.Finding) bool { return f.Severity < a.show.Severity }

// workingFolder is empty if it cannot be told: then paths stay as they are.
func workingFolder() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	return folder
}

// tell says on stderr what was analysed, and what could not be.
func (a *analysis) tell() {
	env, found := a.env, a.found
	a.warnings()
	a.tellFixed()
	if env.Global.Quiet {
		return
	}
	stderr := env.IO.Stderr()
	if a.verbose {
		a.tellAll()
	}
	if n := len(found.Unverified); n > 0 {
		ui.Hint(stderr, env.named(fmt.Sprintf("%s on objects that may exist elsewhere (%s): --complete says that there are no others, --use-kube looks",
			counted(n, "more finding depends", "more findings depend"), missingKinds(found.Unverified))))
	}
	if n := len(found.Suppressed); n > 0 {
		ui.Hint(stderr, counted(n, "finding is", "findings are")+" suppressed")
	}
	a.tellKnown()
	switch {
	case len(found.Findings) > 0 || len(a.mesh.Unread()) > 0:
	case a.objects == 0 && !a.useKube:
		// A wrong folder must not look like a good one.
		env.warn("nothing was analysed: no object of a known kind in " + strings.Join(a.paths, ", "))
	default:
		ui.Success(stderr, "no issues found in "+a.scope())
	}
}

// tellAll says what was read, and who looked at it.
func (a *analysis) tellAll() {
	stderr := a.env.IO.Stderr()
	for _, list := range []struct {
		title string
		names []string
	}{
		{"files read", a.input.files.Read},
		{"files passed over", a.input.files.Ignored},
		{"checks that ran", a.found.Checks},
	} {
		if len(list.names) > 0 {
			ui.Note(stderr, list.title+":", strings.Join(list.names, ", "))
		}
	}
}

// warnings say what needs a look although it is no finding.
func (a *analysis) warnings() {
	env, in := a.env, a.input
	in.tellSources(env)
	for _, skip := range a.found.Skipped {
		env.warn(fmt.Sprintf("check %s did not run: it needs %s", skip.Analyzer, kindNames(skip.Missing)))
	}
	for _, stale := range a.found.Stale {
		where := "--suppress"
		if stale.Position.File != "" {
			where = fmt.Sprintf("%s:%d", stale.Position.File, stale.Position.Line)
		}
		env.warn(fmt.Sprintf("%s: suppression of %s: %s", where, stale.Suppression, stale.Why))
	}
	for _, source := range a.mesh.Foreign() {
		if slices.Contains(in.files.Named, source.File) {
			env.warn(fmt.Sprintf("%s:%d is no Kubernetes object: apiVersion or kind is missing", source.File, source.Line))
		}
	}
	if a.ignoreUnknown {
		for _, err := range a.mesh.Unread() {
			env.warn(err.Error() + ": left out")
		}
	}
}

// scope says what was looked at: "12 objects in 3 files".
func (a *analysis) scope() string {
	in := a.input
	text := counted(a.objects, "object", "objects")
	if n := len(in.files.Read); n > 0 {
		text += " in " + counted(n, "file", "files")
	}
	switch len(in.lives) {
	case 0:
	case 1:
		text += " of the cluster"
	default:
		text += fmt.Sprintf(" of %d clusters", len(in.lives))
	}
	if namespace := a.namespace(a.env); namespace != "" {
		text += ", namespace " + namespace
	}
	return text
}

// missingKinds lists what would have to be known, each once.
func missingKinds(findings []analyze.Finding) string {
	var texts []string
	for _, f := range findings {
		text := f.Missing.Kind.Name()
		if f.Missing.Namespace != "" {
			text += " in " + f.Missing.Namespace
		}
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	const most = 4
	if more := len(texts) - most; more > 0 {
		texts = append(texts[:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(texts, ", ")
}

func kindNames(kinds []analyze.Kind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
