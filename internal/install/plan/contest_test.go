package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
)

func TestContested_LeavesOutFieldsThatStayAsTheyAre(t *testing.T) {
	conflict := func(field string) object.Conflict { return object.Conflict{Manager: "kubectl", Field: field} }
	conflicts := []object.Conflict{
		conflict(`.spec.replicas`),
		conflict(`.spec.replicasOfOthers`),
		conflict(`.webhooks[name="a"].rules`),
		conflict(`.webhooks[name="b"].rules`),
		conflict(`.spec.containers[name="proxy"].env[name="X"].value`),
		conflict(`.spec.ports[port=80,protocol="TCP"].targetPort`),
	}
	diff := []FieldChange{
		{Path: "spec.replicas"},
		{Path: "webhooks[b].rules[0].scope"},
		{Path: "spec.containers[proxy].env[X]"},
		{Path: "spec.ports[http].targetPort"},
	}
	want := []object.Conflict{conflicts[0], conflicts[3], conflicts[4], conflicts[5]}
	if diff := cmp.Diff(want, contested(conflicts, diff)); diff != "" {
		t.Errorf("real conflicts (-want +got):\n%s", diff)
	}
}
