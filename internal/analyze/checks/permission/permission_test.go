package permission_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/permission"
)

func TestPermission(t *testing.T) { analyzetest.Run(t, permission.Analyzer) }
