package listenerconflict_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/listenerconflict"
)

func TestListenerConflict(t *testing.T) { analyzetest.Run(t, listenerconflict.Analyzer) }
