package telemetry

import (
	"strings"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/parser"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// filter wants an expression of CEL, which says which requests are logged.
func filter(j *rules.Judge, expression string, at *rules.Place) {
	reader, err := parser.NewParser(parser.Macros(parser.AllMacros...))
	if err != nil { // its options are wrong, which they are not
		return
	}
	_, problems := reader.Parse(common.NewTextSource(expression))
	if errs := problems.GetErrors(); len(errs) > 0 {
		j.Wrong(at, "%q is no expression of CEL: %s", expression, strings.ToLower(errs[0].Message))
	}
}
