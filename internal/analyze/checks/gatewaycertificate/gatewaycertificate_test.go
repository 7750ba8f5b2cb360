package gatewaycertificate_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewaycertificate"
)

func TestGatewayCertificate(t *testing.T) { analyzetest.Run(t, gatewaycertificate.Analyzer) }
