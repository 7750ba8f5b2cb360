package networkregistry_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/networkregistry"
)

func TestNetworkRegistry(t *testing.T) { analyzetest.Run(t, networkregistry.Analyzer) }
