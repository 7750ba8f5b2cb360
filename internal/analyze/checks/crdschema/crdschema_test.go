package crdschema_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/crdschema"
)

func TestCRDSchema(t *testing.T) { analyzetest.Run(t, crdschema.Analyzer) }
