package imageauto_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/imageauto"
)

func TestImageAuto(t *testing.T) { analyzetest.Run(t, imageauto.Analyzer) }
