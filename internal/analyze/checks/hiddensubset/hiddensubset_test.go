package hiddensubset_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/hiddensubset"
)

func TestHiddenSubset(t *testing.T) { analyzetest.Run(t, hiddensubset.Analyzer) }
