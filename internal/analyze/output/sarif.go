package output

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/fix"
	"github.com/meshctl/meshctl/internal/object"
)

func writeSARIF(w io.Writer, in Input) error {
	all := slices.Concat(in.Findings, in.Suppressed)
	rules, index := sarifRules(all)
	results := make([]sarifResult, 0, len(all))
	for _, f := range all {
		results = append(results, in.sarifResult(f, index[f.Code]))
	}
	return encode(w, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{Driver: sarifDriver{
				Name: "meshctl", Version: in.Version, InformationURI: "https://github.com/meshctl/meshctl", Rules: rules,
			}},
			ColumnKind: "unicodeCodePoints",
			Results:    results,
		}},
	}, "  ")
}

func sarifRules(findings []analyze.Finding) ([]sarifRule, map[*analyze.Code]int) {
	rules, index := []sarifRule{}, map[*analyze.Code]int{}
	for _, f := range findings {
		if _, there := index[f.Code]; there {
			continue
		}
		index[f.Code] = len(rules)
		rules = append(rules, sarifRule{
			ID: f.Code.ID, ShortDescription: sarifMessage{f.Code.Title}, HelpURI: DocumentationURL(f.Code),
			Help:    sarifHelp{Text: f.Code.Title, Markdown: f.Code.Doc},
			Default: sarifSeverity{sarifLevel(f.Code.Severity)}, Properties: sarifTags{[]string{"istio", f.Analyzer}},
		})
	}
	return rules, index
}

func (in Input) sarifResult(f analyze.Finding, rule int) sarifResult {
	result := sarifResult{
		RuleID: f.Code.ID, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifMessage{f.Message},
		Locations: []sarifLocation{{
			Physical: sarifPlace(in.file(f), f.Position),
			Logical:  []sarifLogical{{Name: f.Resource.Name, FullyQualifiedName: f.Resource.String(), Kind: "resource"}},
		}},
		Fingerprints: map[string]string{"meshctl/v1": f.Fingerprint},
	}
	for i, related := range f.Related {
		place := in.file(analyze.Finding{Resource: related.Resource, Position: related.Position})
		result.Related = append(result.Related, sarifLocation{
			ID: &i, Physical: sarifPlace(place, related.Position), Message: &sarifMessage{related.Note + ": " + related.Resource.String()},
		})
	}
	for _, one := range f.Fixes {
		if found, ok := in.sarifFix(one); ok {
			result.Fixes = append(result.Fixes, found)
		}
	}
	if s := f.Suppression; s != nil {
		kind := "external"
		if s.Position.File != "" {
			kind = "inSource"
		}
		result.Suppressions = []sarifSuppression{{Kind: kind, Justification: s.Reason}}
	}
	return result
}

// sarifFix is a fix as the texts to exchange.
func (in Input) sarifFix(one analyze.Fix) (sarifFix, bool) {
	out := sarifFix{Description: sarifMessage{one.Title}}
	for _, change := range fix.Preview(one) {
		p := change.At
		out.Changes = append(out.Changes, sarifChange{
			Artifact: sarifArtifact{URI: uri(in.path(p.File))},
			Replacements: []sarifReplacement{{
				Deleted:  sarifRegion{StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn},
				Inserted: sarifMessage{change.Text},
			}},
		})
	}
	return out, len(out.Changes) > 0
}

func sarifPlace(name string, p object.Position) sarifPhysical {
	place := sarifPhysical{Artifact: sarifArtifact{URI: uri(name)}}
	if p.Line > 0 {
		place.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn}
	}
	return place
}

// uri is a path as a reference, in which blanks and the like are escaped.
func uri(path string) string {
	where := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		where.Scheme = "file"
	}
	return where.String()
}

func sarifLevel(severity analyze.Severity) string {
	switch severity {
	case analyze.Error:
		return "error"
	case analyze.Warning:
		return "warning"
	}
	return "note"
}
