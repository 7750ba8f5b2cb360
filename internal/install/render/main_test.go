package render

import (
	"os"
	"testing"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
)

func TestMain(m *testing.M) {
	kube.Quiet()
	os.Exit(kubetest.Main(m))
}
