package webhookoverlap_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/webhookoverlap"
)

func TestWebhookOverlap(t *testing.T) { analyzetest.Run(t, webhookoverlap.Analyzer) }
