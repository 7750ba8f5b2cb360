package injection_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/injection"
)

func TestInjection(t *testing.T) { analyzetest.Run(t, injection.Analyzer) }
