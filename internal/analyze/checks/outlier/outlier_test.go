package outlier_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/outlier"
)

func TestOutlier(t *testing.T) { analyzetest.Run(t, outlier.Analyzer) }
