package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

// writeGitHub writes workflow commands: annotations at the lines of a change.
func writeGitHub(w io.Writer, in Input) error {
	var text strings.Builder
	for _, f := range in.Findings {
		command := map[analyze.Severity]string{analyze.Error: "error", analyze.Warning: "warning", analyze.Info: "notice"}[f.Severity]
		properties := "title=" + githubProperty(f.Code.ID+" "+f.Code.Title)
		if p := f.Position; p.File != "" {
			properties = fmt.Sprintf("file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,%s", githubProperty(in.file(f)), p.Line, p.Column, p.EndLine, p.EndColumn, properties)
		}
		fmt.Fprintf(&text, "::%s %s::%s\n", command, properties, githubText(f.Resource.String()+": "+f.Message))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func githubText(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func githubProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(githubText(text))
}

// gitlabIssue is an entry of GitLab's code quality report.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

func writeGitLab(w io.Writer, in Input) error {
	issues := make([]gitlabIssue, 0, len(in.Findings))
	seen := map[string]int{}
	for _, f := range in.Findings {
		// GitLab drops issues with a fingerprint that it has seen.
		fingerprint := f.Fingerprint
		if n := seen[fingerprint]; n > 0 {
			fingerprint = fmt.Sprintf("%s-%d", fingerprint, n)
		}
		seen[f.Fingerprint]++
		issues = append(issues, gitlabIssue{
			Description: f.Code.ID + " " + f.Resource.String() + ": " + f.Message, CheckName: f.Code.ID, Fingerprint: fingerprint,
			Severity: map[analyze.Severity]string{analyze.Error: "major", analyze.Warning: "minor", analyze.Info: "info"}[f.Severity],
			Location: gitlabLocation{Path: in.file(f), Lines: gitlabLines{Begin: max(f.Position.Line, 1)}},
		})
	}
	return encode(w, issues, "  ")
}

// writeMarkdown writes a table, for a comment at a change.
func writeMarkdown(w io.Writer, in Input) error {
	var text strings.Builder
	if len(in.Findings) == 0 {
		text.WriteString("No issues found.\n")
	} else {
		fmt.Fprintf(&text, "%s\n\n| | Code | Resource | Where | Finding |\n|---|---|---|---|---|\n", summary(in.Findings))
	}
	for _, f := range in.Findings {
		where := ""
		if f.Position.File != "" {
			where = "`" + reference(f) + "`"
		}
		fmt.Fprintf(&text, "| %s | [%s](%s) | %s | %s | %s |\n", f.Severity, f.Code.ID, DocumentationURL(f.Code), markdownText(f.Resource.String()), where, markdownText(f.Message))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func markdownText(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "`", "\\`").Replace(text)
}
