// Package output writes findings in the formats that people and programs read.
// Each is a view of the same value; none decides about exit codes.
package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

// The formats.
const (
	Log  = "log"
	JSON = "json"
	YAML = "yaml"
)

// Formats are the names of all formats, the standard one first.
func Formats() []string { return []string{Log, JSON, YAML} }

// Input is what to write.
type Input struct {
	Findings []analyze.Finding
}

// Write writes findings in a format.
func Write(w io.Writer, format string, in Input) error {
	switch format {
	case Log:
		return writeLog(w, in, Style{})
	case JSON:
		return writeJSON(w, in)
	case YAML:
		return writeYAML(w, in)
	}
	return fmt.Errorf("writing findings: unknown format %q", format)
}

// Style colours the words of the log format.
type Style struct{ Error, Warning func(string) string }

// WriteLog writes the log format with colours.
func WriteLog(w io.Writer, in Input, style Style) error { return writeLog(w, in, style) }

func writeLog(w io.Writer, in Input, style Style) error {
	var text strings.Builder
	for _, f := range in.Findings {
		level := f.Severity.String()
		switch {
		case f.Severity == analyze.Error && style.Error != nil:
			level = style.Error(level)
		case f.Severity == analyze.Warning && style.Warning != nil:
			level = style.Warning(level)
		}
		origin := origin(f)
		if reference := reference(f); reference != "" {
			origin += " " + reference
		}
		if f.Resource.Cluster != "" {
			level += " [" + f.Resource.Cluster + "]"
		}
		fmt.Fprintf(&text, "%s [%s] (%s) %s\n", level, f.Code.ID, origin, f.Message)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// origin names the resource: "Kind namespace/name".
func origin(f analyze.Finding) string { return f.Resource.String() }

// reference is "file:line", empty for live objects.
func reference(f analyze.Finding) string {
	if f.Position.File == "" {
		return ""
	}
	if f.Position.Line == 0 {
		return f.Position.File
	}
	return fmt.Sprintf("%s:%d", f.Position.File, f.Position.Line)
}

// DocumentationURL is the page of a code on the web.
func DocumentationURL(code *analyze.Code) string {
	if strings.HasPrefix(code.ID, "IST") {
		return "https://istio.io/v1.30/docs/reference/config/analysis/" + strings.ToLower(code.ID) + "/"
	}
	return "https://github.com/meshctl/meshctl/blob/main/docs/checks/" + code.ID + ".md"
}
