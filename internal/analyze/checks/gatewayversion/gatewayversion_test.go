package gatewayversion_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayversion"
)

func TestGatewayVersion(t *testing.T) { analyzetest.Run(t, gatewayversion.Analyzer) }
