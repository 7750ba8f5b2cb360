package servercertificate_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/servercertificate"
)

func TestServerCertificate(t *testing.T) { analyzetest.Run(t, servercertificate.Analyzer) }
