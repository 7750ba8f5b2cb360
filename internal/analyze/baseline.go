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
	// Message tells findings apart that have the same fingerprint.
	Message string `json:"message,omitempty"`
}

const baselineKind = "AnalyzeBaseline"

// NewBaseline lists findings, in an order that keeps differences small.
func NewBaseline(findings []Finding) Baseline {
	b := Baseline{APIVersion: "meshctl.dev/v1", Kind: baselineKind, Findings: []BaselineEntry{}}
	for _, f := range findings {
		b.Findings = append(b.Findings, BaselineEntry{Fingerprint: f.Fingerprint, Code: f.Code.ID, Resource: f.Resource.String(), Field: f.Field.String(), Message: f.Message})
	}
	slices.SortFunc(b.Findings, func(x, y BaselineEntry) int {
		return cmp.Or(strings.Compare(x.Resource, y.Resource), strings.Compare(x.Code, y.Code), strings.Compare(x.Field, y.Field), strings.Compare(x.Message, y.Message))
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
// the same fingerprint as many are taken out as the baseline has, first those
// that say the same.
func (r *Report) Except(b Baseline) {
	type same struct{ fingerprint, message string }
	exact, left := map[same]int{}, map[string]int{}
	for _, entry := range b.Findings {
		exact[same{entry.Fingerprint, entry.Message}]++
		left[entry.Fingerprint]++
	}
	known := make([]bool, len(r.Findings))
	for i, f := range r.Findings {
		if key := (same{f.Fingerprint, f.Message}); exact[key] > 0 {
			exact[key]--
			left[f.Fingerprint]--
			known[i] = true
		}
	}
	var fresh []Finding
	for i, f := range r.Findings {
		if !known[i] && left[f.Fingerprint] > 0 {
			left[f.Fingerprint]--
			known[i] = true
		}
		if known[i] {
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
