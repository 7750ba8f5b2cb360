package deprecated_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/deprecated"
)

func TestDeprecated(t *testing.T) { analyzetest.Run(t, deprecated.Analyzer) }
