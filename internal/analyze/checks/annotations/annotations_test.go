package annotations_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/annotations"
)

func TestAnnotations(t *testing.T) { analyzetest.Run(t, annotations.Analyzer) }
