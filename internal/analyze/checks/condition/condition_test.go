package condition_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/condition"
)

func TestCondition(t *testing.T) { analyzetest.Run(t, condition.Analyzer) }
