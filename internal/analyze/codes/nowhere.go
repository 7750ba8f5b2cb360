package codes

import (
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Nowhere is the finding of a Gateway that selects no workload. More than one
// check comes upon it; being the same, it is reported once.
func Nowhere(mesh *analyze.Mesh, gateway analyze.Of[networking.Gateway]) analyze.Diagnostic {
	message := "there is no workload at all: the gateway runs nowhere"
	if labels := gateway.Spec.GetSelector(); len(labels) > 0 {
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(labels)) {
			texts = append(texts, key+"="+labels[key])
		}
		message = "no workload has the labels " + strings.Join(texts, ",") + ": the gateway runs nowhere"
	}
	return analyze.Diagnostic{
		Code: NotFound, Alias: AliasWorkloads, On: gateway, Field: object.Field("spec.selector"), Absent: mesh.AbsentWorkloads(""), Message: message,
	}
}
