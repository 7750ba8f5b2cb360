package bundleversion_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/bundleversion"
)

func TestBundleVersion(t *testing.T) { analyzetest.Run(t, bundleversion.Analyzer) }
