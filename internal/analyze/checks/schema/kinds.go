package schema

import (
	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/virtualservice"
)

// apply applies the rules of each kind to what there is of it.
func apply(pass *analyze.Pass) {
	mesh := pass.Mesh
	oldRules(pass)
	each(pass, mesh.VirtualServices(), virtualservice.Check)
}

func each[T any](pass *analyze.Pass, table analyze.Table[T], check func(*rules.Judge, *T)) {
	for r := range table.All() {
		check(rules.NewJudge(pass, r.Resource), r.Spec)
	}
}
