package analyze

import (
	"cmp"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// Report is what an analysis came to. Every output format and the exit code are
// views of this one value.
type Report struct {
	// Findings are in the order in which they are shown: worst first.
	Findings []Finding
	// Suppressed are findings that somebody said not to report.
	Suppressed []Finding
	// Baselined are findings that were there before, Fixed entries of the
	// baseline that are no more.
	Baselined []Finding
	Fixed     []BaselineEntry
	// Stale are suppressions that have expired, are not needed, or are written wrongly.
	Stale []Stale
	// Unverified are findings that would hold if the input had all there is.
	Unverified []Finding
	// Skipped are checks that did not run for want of input.
	Skipped []Skip
	// Broken are checks that failed: an error of the check, not of the mesh.
	Broken []Broken
	// Checks are the names of those that ran.
	Checks []string
}

// Finding is a diagnostic with everything a reader needs to know.
type Finding struct {
	Code *Code
	// Alias is the one of several aliases of the code that this is.
	Alias    string
	Severity Severity
	// Analyzer is the name of the check that made it.
	Analyzer string
	Resource *Resource
	Field    object.Path
	// Position is zero for live objects.
	Position object.Position
	Message  string
	Related  []Place
	Fixes    []Fix
	// Fingerprint stays the same when lines move or the wording changes.
	Fingerprint string
	// Missing is what is not known well enough, of an unverified finding.
	Missing Absence
	// Suppression is what suppressed it.
	Suppression *Suppression
}

// Place is a related place, found.
type Place struct {
	Resource *Resource
	Field    object.Path
	Position object.Position
	Note     string
}

// Skip is a check that could not run.
type Skip struct {
	Analyzer string
	// Missing are the kinds that could not be read.
	Missing []Kind
}

// Broken is a check that failed.
type Broken struct {
	Analyzer string
	Err      error
}

// compare orders findings as istioctl does: cluster, severity, code, resource,
// then place and text.
func (f Finding) compare(other Finding) int {
	return cmp.Or(
		strings.Compare(f.Resource.Cluster, other.Resource.Cluster),
		cmp.Compare(other.Severity, f.Severity),
		strings.Compare(f.Code.ID, other.Code.ID),
		strings.Compare(string(f.Resource.Kind), string(other.Resource.Kind)),
		strings.Compare(f.Resource.Name, other.Resource.Name),
		strings.Compare(f.Resource.Namespace, other.Resource.Namespace),
		comparePaths(f.Field, other.Field),
		strings.Compare(f.Message, other.Message),
	)
}

func comparePaths(a, b object.Path) int {
	for i := range min(len(a), len(b)) {
		if order := cmp.Or(strings.Compare(a[i].Name, b[i].Name), cmp.Compare(a[i].Index, b[i].Index)); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

// Worst is the highest severity among the findings, 0 if there are none.
func (r *Report) Worst() Severity {
	var worst Severity
	for _, finding := range r.Findings {
		worst = max(worst, finding.Severity)
	}
	return worst
}

// Partial says whether anything could not be looked at.
func (r *Report) Partial() bool { return len(r.Skipped) > 0 || len(r.Broken) > 0 }
