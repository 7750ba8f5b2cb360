package gatewayselector_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayselector"
)

func TestGatewaySelector(t *testing.T) { analyzetest.Run(t, gatewayselector.Analyzer) }
