package cli

import (
	"errors"
	"strings"
	"testing"
)

func TestKustomize_SaysWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := kustomize(t.Context(), "deploy")
	if _, ok := errors.AsType[*NoKustomizeError](err); !ok {
		t.Fatalf("got %v, want a NoKustomizeError", err)
	}
	verdict := judge(err)
	if verdict.code != exitInput || len(verdict.hints) != 1 || !strings.Contains(verdict.hints[0], "kustomize build deploy | meshctl analyze -") {
		t.Errorf("the verdict is %+v", verdict)
	}
}
