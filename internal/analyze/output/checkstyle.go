package output

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

type (
	checkstyle struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr,omitempty"`
		Column   int    `xml:"column,attr,omitempty"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

// writeCheckstyle groups the findings by file, as its readers expect.
func writeCheckstyle(w io.Writer, in Input) error {
	findings := slices.Clone(in.Findings)
	slices.SortStableFunc(findings, func(a, b analyze.Finding) int { return strings.Compare(in.file(a), in.file(b)) })
	out := checkstyle{Version: "8.0"}
	for _, f := range findings {
		name := in.file(f)
		if last := len(out.Files) - 1; last < 0 || out.Files[last].Name != name {
			out.Files = append(out.Files, checkstyleFile{Name: name})
		}
		of := &out.Files[len(out.Files)-1]
		of.Errors = append(of.Errors, checkstyleError{
			Line: f.Position.Line, Column: f.Position.Column, Severity: strings.ToLower(f.Severity.String()),
			Message: f.Resource.String() + ": " + f.Message, Source: "meshctl." + f.Code.ID,
		})
	}
	return writeXML(w, out)
}
