package jwksfetch_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/jwksfetch"
)

func TestJWKSFetch(t *testing.T) { analyzetest.Run(t, jwksfetch.Analyzer) }
