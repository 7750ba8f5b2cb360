package telemetrydefault_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/telemetrydefault"
)

func TestTelemetryDefault(t *testing.T) { analyzetest.Run(t, telemetrydefault.Analyzer) }
