package deploymentservice_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/deploymentservice"
)

func TestDeploymentService(t *testing.T) { analyzetest.Run(t, deploymentservice.Analyzer) }
