package multicluster_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/multicluster"
)

func TestAnalyzer(t *testing.T) { analyzetest.Run(t, multicluster.Analyzer) }
