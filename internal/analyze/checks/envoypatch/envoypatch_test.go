package envoypatch_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/envoypatch"
)

func TestEnvoyPatch(t *testing.T) { analyzetest.Run(t, envoypatch.Analyzer) }
