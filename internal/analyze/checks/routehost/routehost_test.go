package routehost_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/routehost"
)

func TestRouteHost(t *testing.T) { analyzetest.Run(t, routehost.Analyzer) }
