package routeconflict_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/routeconflict"
)

func TestRouteConflict(t *testing.T) { analyzetest.Run(t, routeconflict.Analyzer) }
