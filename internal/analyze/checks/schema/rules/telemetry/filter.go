package telemetry

import (
	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// filter wants an expression of CEL, which says which requests are logged.
func filter(j *rules.Judge, expression string, at *rules.Place) {
	if err := cel.Check(expression); err != nil {
		j.Wrong(at, "%q is no expression of CEL: %v", expression, err)
	}
}
