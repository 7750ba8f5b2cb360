package ztunnelpolicy_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/ztunnelpolicy"
)

func TestZtunnelPolicy(t *testing.T) { analyzetest.Run(t, ztunnelpolicy.Analyzer) }
