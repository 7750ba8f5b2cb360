package upgrade_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/upgrade"
)

func TestUpgrade(t *testing.T) { analyzetest.Run(t, upgrade.Analyzer) }
