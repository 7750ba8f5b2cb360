package unknownkind_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/unknownkind"
)

func TestUnknownKind(t *testing.T) { analyzetest.Run(t, unknownkind.Analyzer) }
