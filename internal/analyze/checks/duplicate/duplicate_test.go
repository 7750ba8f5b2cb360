package duplicate_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/duplicate"
)

func TestDuplicate(t *testing.T) { analyzetest.Run(t, duplicate.Analyzer) }
