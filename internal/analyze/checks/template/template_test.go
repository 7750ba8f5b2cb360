package template_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/template"
)

func TestTemplate(t *testing.T) { analyzetest.Run(t, template.Analyzer) }
