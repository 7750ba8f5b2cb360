package output

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		Failure   *junitFailure `xml:"failure,omitempty"`
		Out       string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit makes a suite of each check, with a case for each finding: one that
// does not make the command fail passes, and says so in its output. A check
// without findings has one case, which passes.
func writeJUnit(w io.Writer, in Input) error {
	suites := junitSuites{Name: "meshctl analyze"}
	for _, check := range slices.Sorted(slices.Values(in.Checks)) {
		suite := junitSuite{Name: check}
		for _, f := range in.Findings {
			if f.Analyzer != check {
				continue
			}
			found := junitOf(f, f.Severity >= in.FailOn)
			if found.Failure != nil {
				suite.Failures++
			}
			suite.Cases = append(suite.Cases, found)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []junitCase{{Name: check, ClassName: check}}
		}
		suite.Tests = len(suite.Cases)
		suites.Tests += suite.Tests
		suites.Failures += suite.Failures
		suites.Suites = append(suites.Suites, suite)
	}
	return writeXML(w, suites)
}

func junitOf(f analyze.Finding, fails bool) junitCase {
	text := strings.TrimSpace(fmt.Sprintf("%s\n%s\n%s", reference(f), f.Message, DocumentationURL(f.Code)))
	found := junitCase{Name: f.Code.ID + " " + f.Resource.String(), ClassName: f.Analyzer}
	if fails {
		found.Failure = &junitFailure{Type: f.Severity.String(), Message: f.Message, Text: text}
	} else {
		found.Out = f.Severity.String() + " " + text
	}
	return found
}

func writeXML(w io.Writer, value any) error {
	text, err := xml.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
