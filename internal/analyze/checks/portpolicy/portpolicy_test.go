package portpolicy_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/portpolicy"
)

func TestPortPolicy(t *testing.T) { analyzetest.Run(t, portpolicy.Analyzer) }
