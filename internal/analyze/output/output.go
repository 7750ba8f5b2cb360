// Package output writes findings in the formats that people and programs read.
// Each is a view of the same report; none decides about exit codes.
package output

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

// The formats. Log, JSON and YAML are those of istioctl.
const (
	Log        = "log"
	Text       = "text"
	JSON       = "json"
	YAML       = "yaml"
	SARIF      = "sarif"
	JUnit      = "junit"
	GitHub     = "github"
	GitLab     = "gitlab"
	Checkstyle = "checkstyle"
	Markdown   = "markdown"
)

// Formats are the names of all formats, the standard one first.
func Formats() []string {
	return []string{Log, Text, JSON, YAML, SARIF, JUnit, GitHub, GitLab, Checkstyle, Markdown}
}

// Input is what to write.
type Input struct {
	// Findings are those to show, in their order.
	Findings []analyze.Finding
	// Suppressed are left out, or marked where the format has a mark.
	Suppressed []analyze.Finding
	// Checks are the names of the checks that ran.
	Checks []string
	// FailOn is the least severity that makes the command fail.
	FailOn analyze.Severity
	// Version is that of this program.
	Version string
	// Folder is the working directory: what is below it is named from there.
	Folder string
	// Style shows severities in the formats for terminals.
	Style Style
	// Line reads a line of a file, for formats that show it; nil shows none.
	Line func(file string, line int) (string, bool)
}

// Style colours the words of a severity. The zero value leaves them as they are.
type Style struct{ Error, Warning, Muted func(string) string }

func (s Style) severity(severity analyze.Severity, text string) string {
	switch {
	case severity == analyze.Error && s.Error != nil:
		return s.Error(text)
	case severity == analyze.Warning && s.Warning != nil:
		return s.Warning(text)
	}
	return text
}

func (s Style) muted(text string) string {
	if s.Muted == nil {
		return text
	}
	return s.Muted(text)
}

// Write writes findings in a format.
func Write(w io.Writer, format string, in Input) error {
	writers := map[string]func(io.Writer, Input) error{
		Log: writeLog, Text: writeText, JSON: writeJSON, YAML: writeYAML, SARIF: writeSARIF, JUnit: writeJUnit,
		GitHub: writeGitHub, GitLab: writeGitLab, Checkstyle: writeCheckstyle, Markdown: writeMarkdown,
	}
	write, ok := writers[format]
	if !ok {
		return fmt.Errorf("writing findings: unknown format %q", format)
	}
	return write(w, in)
}

func writeLog(w io.Writer, in Input) error {
	var text strings.Builder
	for _, f := range in.Findings {
		level := in.Style.severity(f.Severity, f.Severity.String())
		where := f.Resource.String()
		if reference := reference(f); reference != "" {
			where += " " + reference
		}
		cluster := ""
		if f.Resource.Cluster != "" {
			cluster = "[" + f.Resource.Cluster + "] "
		}
		fmt.Fprintf(&text, "%s [%s] %s(%s) %s\n", level, f.Code.ID, cluster, where, f.Message)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// reference is "file:line", empty for live objects.
func reference(f analyze.Finding) string {
	if f.Position.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", f.Position.File, f.Position.Line)
}

// file is where programs look for a finding. For live objects it names the object.
func (in Input) file(f analyze.Finding) string {
	if f.Position.File == "" {
		return "cluster/" + strings.ReplaceAll(f.Resource.String(), " ", "/")
	}
	return in.path(f.Position.File)
}

// path is what programs look for in a repository: with slashes, and relative.
func (in Input) path(name string) string {
	if name == "-" {
		return "stdin"
	}
	if filepath.IsAbs(name) && in.Folder != "" {
		if inside, err := filepath.Rel(in.Folder, name); err == nil && filepath.IsLocal(inside) {
			name = inside
		}
	}
	return filepath.ToSlash(filepath.Clean(name))
}

// DocumentationURL is the page of a code on the web.
func DocumentationURL(code *analyze.Code) string {
	return "https://github.com/meshctl/meshctl/blob/main/docs/checks/" + code.ID + ".md"
}
