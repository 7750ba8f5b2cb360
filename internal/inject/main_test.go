package inject_test

import (
	"os"
	"testing"

	"github.com/meshctl/meshctl/internal/kube/kubetest"
)

func TestMain(m *testing.M) { os.Exit(kubetest.Main(m)) }
