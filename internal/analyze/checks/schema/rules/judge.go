package rules

import (
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Judge reports what is wrong with one resource.
type Judge struct {
	On   *analyze.Resource
	pass *analyze.Pass
}

// NewJudge makes the judge of a resource.
func NewJudge(pass *analyze.Pass, on *analyze.Resource) *Judge { return &Judge{On: on, pass: pass} }

// Wrong reports what istiod refuses.
func (j *Judge) Wrong(at *Place, format string, values ...any) {
	j.Report(Invalid, at, format, values...)
}

// Doubt reports what istiod warns of.
func (j *Judge) Doubt(at *Place, format string, values ...any) {
	j.Report(Dubious, at, format, values...)
}

// Report makes a finding, unless the field could not be read in the first
// place: what rules make of a value that is not there is no news.
func (j *Judge) Report(code *analyze.Code, at *Place, format string, values ...any) {
	path := at.Path()
	for _, problem := range j.On.Problems {
		if follows(path, problem.Path) {
			return
		}
	}
	j.pass.Report(analyze.Diagnostic{Code: code, On: j.On, Field: path, Message: fmt.Sprintf(format, values...)})
}

// follows says whether a finding at path can come from a problem: one at the
// same field, above it, or in a field directly below.
func follows(path, problem object.Path) bool {
	shared := min(len(path), len(problem))
	return slices.Equal(path[:shared], problem[:shared]) && len(problem) <= len(path)+1
}
