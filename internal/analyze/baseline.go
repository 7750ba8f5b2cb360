package analyze

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Baseline is a list of findings that are known and not to be reported again.
type Baseline struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	Findings   []BaselineEntry `json:"findings"`
}

// BaselineEntry is a known finding. The fingerprint decides; the rest is for readers.
type BaselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Code        string `json:"code"`
	Resource    string `json:"resource"`
	Field       string `json:"field,omitempty"`
}

const baselineKind = "AnalyzeBaseline"

// NewBaseline lists findings, in an order that keeps differences small.
func NewBaseline(findings []Finding) Baseline {
	b := Baseline{APIVersion: "meshctl.dev/v1", Kind: baselineKind, Findings: []BaselineEntry{}}
	for _, f := range findings {
		b.Findings = append(b.Findings, BaselineEntry{Fingerprint: f.Fingerprint, Code: f.Code.ID, Resource: f.Resource.String(), Field: f.Field.String()})
	}
	slices.SortFunc(b.Findings, func(x, y BaselineEntry) int {
		return cmp.Or(strings.Compare(x.Resource, y.Resource), strings.Compare(x.Code, y.Code), strings.Compare(x.Field, y.Field))
	})
	return b
}

// ReadBaseline reads what was written of a baseline.
func ReadBaseline(text []byte) (Baseline, error) {
	var b Baseline
	if err := json.Unmarshal(text, &b); err != nil {
		return b, err
	}
	if b.Kind != baselineKind {
		return b, errors.New("it is no baseline of analyze: its kind is not " + baselineKind)
	}
	return b, nil
}

// Except takes the findings of a baseline out of the report. Of findings with
// the same fingerprint as many are taken out as the baseline has.
func (r *Report) Except(b Baseline) {
	left := map[string]int{}
	for _, entry := range b.Findings {
		left[entry.Fingerprint]++
	}
	var fresh []Finding
	for _, f := range r.Findings {
		if left[f.Fingerprint] > 0 {
			left[f.Fingerprint]--
			r.Baselined = append(r.Baselined, f)
		} else {
			fresh = append(fresh, f)
		}
	}
	r.Findings = fresh
	for _, entry := range b.Findings {
		if left[entry.Fingerprint] > 0 {
			left[entry.Fingerprint]--
			r.Fixed = append(r.Fixed, entry)
		}
	}
}
