package gatewayconflict_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayconflict"
)

func TestGatewayConflict(t *testing.T) { analyzetest.Run(t, gatewayconflict.Analyzer) }
