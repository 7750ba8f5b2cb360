package entryaddress_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/entryaddress"
)

func TestEntryAddress(t *testing.T) { analyzetest.Run(t, entryaddress.Analyzer) }
