package extensionprovider_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/extensionprovider"
)

func TestExtensionProvider(t *testing.T) { analyzetest.Run(t, extensionprovider.Analyzer) }
