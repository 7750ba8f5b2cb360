package routesubset_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/routesubset"
)

func TestRouteSubset(t *testing.T) { analyzetest.Run(t, routesubset.Analyzer) }
