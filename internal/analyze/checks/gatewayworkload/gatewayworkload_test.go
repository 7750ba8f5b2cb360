package gatewayworkload_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayworkload"
)

func TestGatewayWorkload(t *testing.T) { analyzetest.Run(t, gatewayworkload.Analyzer) }
