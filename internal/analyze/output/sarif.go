package output

import (
	"io"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// The parts of SARIF 2.1.0 that are used here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string        `json:"id"`
		ShortDescription sarifMessage  `json:"shortDescription"`
		Help             sarifHelp     `json:"help"`
		HelpURI          string        `json:"helpUri"`
		Default          sarifSeverity `json:"defaultConfiguration"`
		Properties       sarifTags     `json:"properties"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifSeverity struct {
		Level string `json:"level"`
	}
	sarifTags struct {
		Tags []string `json:"tags"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifMessage       `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name               string `json:"name"`
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
)

func writeSARIF(w io.Writer, in Input) error {
	all := slices.Concat(in.Findings, in.Suppressed)
	rules, index := sarifRules(all)
	results := make([]sarifResult, 0, len(all))
	for _, f := range all {
		results = append(results, sarifResultOf(f, index[f.Code]))
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

func sarifResultOf(f analyze.Finding, rule int) sarifResult {
	result := sarifResult{
		RuleID: f.Code.ID, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifMessage{f.Message},
		Locations: []sarifLocation{{
			Physical: sarifPlace(file(f), f.Position),
			Logical:  []sarifLogical{{Name: f.Resource.Name, FullyQualifiedName: f.Resource.String(), Kind: "resource"}},
		}},
		Fingerprints: map[string]string{"meshctl/v1": f.Fingerprint},
	}
	for i, related := range f.Related {
		place := file(analyze.Finding{Resource: related.Resource, Position: related.Position})
		result.Related = append(result.Related, sarifLocation{
			ID: &i, Physical: sarifPlace(place, related.Position), Message: &sarifMessage{related.Note + ": " + related.Resource.String()},
		})
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

func sarifPlace(uri string, p object.Position) sarifPhysical {
	place := sarifPhysical{Artifact: sarifArtifact{URI: uri}}
	if p.Line > 0 {
		place.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn}
	}
	return place
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
