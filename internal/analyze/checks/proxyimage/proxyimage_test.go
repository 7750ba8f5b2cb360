package proxyimage_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/proxyimage"
)

func TestProxyImage(t *testing.T) { analyzetest.Run(t, proxyimage.Analyzer) }
