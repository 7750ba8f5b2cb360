package claimroute_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/claimroute"
)

func TestClaimRoute(t *testing.T) { analyzetest.Run(t, claimroute.Analyzer) }
