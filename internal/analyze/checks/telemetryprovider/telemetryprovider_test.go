package telemetryprovider_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/telemetryprovider"
)

func TestTelemetryProvider(t *testing.T) { analyzetest.Run(t, telemetryprovider.Analyzer) }
