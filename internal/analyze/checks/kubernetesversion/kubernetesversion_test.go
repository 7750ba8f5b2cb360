package kubernetesversion_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/kubernetesversion"
)

func TestKubernetesVersion(t *testing.T) { analyzetest.Run(t, kubernetesversion.Analyzer) }
