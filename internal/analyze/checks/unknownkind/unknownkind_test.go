package unknownkind_test

import (
	"slices"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/analyzetest"
	"github.com/meshctl/meshctl/internal/analyze/checks/unknownkind"
	"github.com/meshctl/meshctl/internal/analyze/crd"
)

func TestUnknownKind(t *testing.T) { analyzetest.Run(t, unknownkind.Analyzer) }

// TestKnown_HasWhatIsInstalled wants the check to know all kinds and versions
// that the base chart defines: it does not read the chart for that.
func TestKnown_HasWhatIsInstalled(t *testing.T) {
	known := analyze.Known()
	definitions, err := new(crd.Library).All()
	if err != nil {
		t.Fatal(err)
	}
	for _, definition := range definitions {
		versions := known[analyze.KindOf(definition.Kind)]
		for _, served := range definition.Served() {
			if !slices.Contains(versions, served) {
				t.Errorf("%s %s is not among %v", definition.Kind, served, versions)
			}
		}
	}
}
