package rulesubset_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/rulesubset"
)

func TestRuleSubset(t *testing.T) { analyzetest.Run(t, rulesubset.Analyzer) }
