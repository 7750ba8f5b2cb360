package alphaannotation_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/alphaannotation"
)

func TestAlphaAnnotation(t *testing.T) { analyzetest.Run(t, alphaannotation.Analyzer) }
