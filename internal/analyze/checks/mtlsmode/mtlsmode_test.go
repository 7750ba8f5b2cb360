package mtlsmode_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/mtlsmode"
)

func TestMtlsMode(t *testing.T) { analyzetest.Run(t, mtlsmode.Analyzer) }
