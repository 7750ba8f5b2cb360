package workloadselector_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/workloadselector"
)

func TestWorkloadSelector(t *testing.T) { analyzetest.Run(t, workloadselector.Analyzer) }
