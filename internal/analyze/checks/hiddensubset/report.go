package hiddensubset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

func (c *checker) report(route *analyze.Route, at object.Path, to target, reach reach, lacking lacking) {
	who, first := "clients in ", ""
	d := analyze.Diagnostic{Code: hidden, On: route, Field: at}
	switch {
	case len(lacking.gateways) > 0:
		who, first = "gateways in "+listed(lacking.gateways), lacking.gateways[0]
	case slices.Contains(lacking.sidecars, route.Namespace):
		first = route.Namespace
		who += listed(append([]string{first}, slices.DeleteFunc(slices.Clone(lacking.sidecars), func(name string) bool { return name == first })...))
	default:
		first = lacking.sidecars[0]
		who += listed(lacking.sidecars)
		// Whether anybody there calls the host is not known.
		d.Severity = analyze.Warning
	}
	why := c.why(first, to, reach, &d)
	d.Message = fmt.Sprintf("%s do not get subset %s of %s, so what they send fails: %s", who, to.subset, to.host, why)
	d.Related = append(d.Related, analyze.Related{On: reach.owner, Field: object.Field("spec.subsets", reach.number, "name"), Note: "the subset"})
	d.Absent = analyze.Absences(first, analyze.DestinationRule)
	c.pass.Report(d)
}

// why says what keeps the subset from a client.
func (c *checker) why(client string, to target, reach reach, d *analyze.Diagnostic) string {
	if rules := c.mesh.Effective(client, to.host).Rules; len(rules) > 0 {
		d.Related = append(d.Related, analyze.Related{On: rules[0], Field: object.Field("spec.host"), Note: "what clients in " + client + " get"})
		return rules[0].String() + " comes first for them, and does not have it"
	}
	owner := reach.owner
	if owner.Visibility.Sees(client) {
		return fmt.Sprintf("it is in %s, and istiod looks in the namespaces of the client, of the service, and %s only", owner, c.mesh.RootNamespace())
	}
	return owner.String() + " is not exported to them"
}

func listed(namespaces []string) string {
	const most = 3
	if len(namespaces) <= most {
		return strings.Join(namespaces, ", ")
	}
	return fmt.Sprintf("%s and %d more namespaces", strings.Join(namespaces[:most], ", "), len(namespaces)-most)
}
