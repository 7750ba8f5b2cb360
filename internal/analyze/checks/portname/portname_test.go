package portname_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/portname"
)

func TestPortName(t *testing.T) { analyzetest.Run(t, portname.Analyzer) }
