package analyze

import (
	"slices"

	"github.com/meshctl/meshctl/internal/object"
)

// withoutEchoes drops what others say better: diagnostics with a code that
// yields, where one with a code it yields to is about the same field.
func withoutEchoes(all []made) []made {
	var stronger []string
	for _, d := range all {
		for _, id := range d.Code.YieldsTo {
			if !slices.Contains(stronger, id) {
				stronger = append(stronger, id)
			}
		}
	}
	if len(stronger) == 0 {
		return all
	}
	said := map[*Resource][]Diagnostic{}
	for _, d := range all {
		if slices.Contains(stronger, d.Code.ID) {
			said[d.On.resource()] = append(said[d.On.resource()], d.Diagnostic)
		}
	}
	return slices.DeleteFunc(all, func(d made) bool {
		return slices.ContainsFunc(said[d.On.resource()], func(other Diagnostic) bool {
			return slices.Contains(d.Code.YieldsTo, other.Code.ID) && d.concerns(other.Field)
		})
	})
}

// concerns says whether a diagnostic is about a field.
func (d Diagnostic) concerns(field object.Path) bool {
	return comparePaths(d.Field, field) == 0 || slices.ContainsFunc(d.Also, func(also object.Path) bool {
		return len(also) <= len(field) && comparePaths(also, field[:len(also)]) == 0
	})
}
