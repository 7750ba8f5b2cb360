package emptybackend_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/emptybackend"
)

func TestEmptyBackend(t *testing.T) { analyzetest.Run(t, emptybackend.Analyzer) }
