package credential_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/credential"
)

func TestCredential(t *testing.T) { analyzetest.Run(t, credential.Analyzer) }
