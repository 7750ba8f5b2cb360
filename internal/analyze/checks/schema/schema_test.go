package schema_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema"
)

func TestSchema(t *testing.T) { analyzetest.Run(t, schema.Analyzer) }
