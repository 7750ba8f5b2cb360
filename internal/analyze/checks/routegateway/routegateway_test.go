package routegateway_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/routegateway"
)

func TestRouteGateway(t *testing.T) { analyzetest.Run(t, routegateway.Analyzer) }
