package authorization_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/authorization"
)

func TestAuthorization(t *testing.T) { analyzetest.Run(t, authorization.Analyzer) }
