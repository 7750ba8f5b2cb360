package applicationuid_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/applicationuid"
)

func TestApplicationUID(t *testing.T) { analyzetest.Run(t, applicationuid.Analyzer) }
