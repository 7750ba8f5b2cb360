package remotewebhook_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/remotewebhook"
)

func TestRemoteWebhook(t *testing.T) { analyzetest.Run(t, remotewebhook.Analyzer) }
