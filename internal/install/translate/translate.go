// Package translate turns a resolved mesh into what somebody needs who goes on
// without meshctl, with plain Helm and the charts that Istio publishes: values
// for each chart, a script, and a page that says what to do and what is lost.
//
// It is pure: it returns files and writes none.
package translate

import (
	"fmt"
	"maps"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Bundle is what the translation comes to.
type Bundle struct {
	Files []File
	Lost  []Loss // what the charts of Istio have no values for
}

// File is a file to write.
type File struct {
	Name       string
	Data       []byte
	Executable bool
}

// Loss is a setting that is not translated.
type Loss struct {
	Path   string // below spec
	Origin profiles.Origin
	Why    string
}

// part is one component on its way.
type part struct {
	of        profiles.Component
	chart     string // of Istio; "" for what is applied as it is
	release   string
	file      string
	leftovers []object.Ref // made by meshctl, and by the chart under other names
	reselects []object.Ref // workloads that select pods by other labels than the chart's
}

// Translate makes the files. The manifest is what the mesh renders to; add-ons,
// for which Istio publishes no charts, are taken from it.
func Translate(mesh *profiles.Mesh, manifest render.Manifest) (Bundle, error) {
	var bundle Bundle
	var parts []part
	for i, component := range mesh.Components {
		p := newPart(mesh, component, manifest.Components[i].Objects)
		parts = append(parts, p)
		data, lost, err := p.data(mesh, manifest.Components[i].Objects)
		if err != nil {
			return Bundle{}, fmt.Errorf("translating %s: %w", component.Title, err)
		}
		bundle.Files = append(bundle.Files, File{Name: p.file, Data: data})
		for _, loss := range lost {
			if !slices.Contains(bundle.Lost, loss) { // gateways share some settings
				bundle.Lost = append(bundle.Lost, loss)
			}
		}
	}
	page := page{mesh: mesh, parts: parts, lost: bundle.Lost}
	bundle.Files = append(bundle.Files,
		File{Name: "install.sh", Data: page.script(), Executable: true},
		File{Name: "README.md", Data: page.readme()})
	return bundle, nil
}

// gatewayChart is Istio's chart for gateways that get their proxy by injection.
const gatewayChart = "gateway"

// newPart says which chart a component comes from, and what its release is
// called: as in Istio's own instructions.
func newPart(mesh *profiles.Mesh, of profiles.Component, objects []object.Object) part {
	p := part{of: of}
	switch of.Kind {
	case profiles.Base:
		p.chart, p.release = "base", "istio-base"
	case profiles.Pilot:
		p.chart, p.release = "istiod", "istiod"
		if mesh.Revision != "" {
			p.release += "-" + mesh.Revision
		}
	case profiles.Cni:
		p.chart, p.release = "cni", "istio-cni"
	case profiles.Ztunnel:
		p.chart, p.release = "ztunnel", "ztunnel"
	case profiles.IngressGateways, profiles.EgressGateways:
		p.chart, p.release = gatewayChart, of.Name
		p.leftovers, p.reselects = renamed(of.Name, objects), reselecting(objects)
	default:
		p.file = of.Chart + ".yaml"
		return p
	}
	p.file = p.release + "-values.yaml"
	if of.Name != "" && of.Namespace != mesh.Namespace {
		p.file = of.Namespace + "-" + p.file // gateways of one name in several namespaces
	}
	return p
}

// renamed are the objects that the chart of gateways makes under another name.
func renamed(name string, objects []object.Object) []object.Ref {
	var found []object.Ref
	for _, o := range objects {
		if slices.Contains([]string{"ServiceAccount", "Role", "RoleBinding"}, o.GetKind()) && o.GetName() != name {
			found = append(found, o.Ref())
		}
	}
	return found
}

// reselecting are the workloads whose selector, which nobody can change, has
// more labels than the chart's.
func reselecting(objects []object.Object) []object.Ref {
	var found []object.Ref
	for _, o := range objects {
		spec, _ := o.Object["spec"].(map[string]any)
		for label := range at(at(spec, "selector"), "matchLabels") {
			if o.GetKind() == "Deployment" && label != "app" && label != "istio" {
				found = append(found, o.Ref())
				break
			}
		}
	}
	return found
}

// data is what is in the file of a component.
func (p part) data(mesh *profiles.Mesh, objects []object.Object) ([]byte, []Loss, error) {
	if p.chart == "" {
		data, err := manifestOf(objects)
		return data, nil, err
	}
	values, lost := valuesOf(mesh, p.of)
	text, err := yaml.Marshal(values)
	if err != nil {
		return nil, nil, err
	}
	head := fmt.Sprintf("# %s: values for Istio's chart %s %s.\n", p.of.Title, p.chart, mesh.Version)
	return append([]byte(head), text...), lost, nil
}

// valuesOf are the values of a component, with its k8s settings among them.
func valuesOf(mesh *profiles.Mesh, of profiles.Component) (map[string]any, []Loss) {
	values := mesh.OfficialValues(of)
	var lost []Loss
	switch of.Kind {
	case profiles.IngressGateways, profiles.EgressGateways:
		var err error
		values, err = mesh.GatewayChartValues(of, gatewayChart)
		for _, problem := range profiles.Problems(err) {
			lost = append(lost, Loss{Path: problem.Path, Origin: problem.Place, Why: problem.Problem})
		}
		keepGateway(values, of)
	case profiles.Base:
		if values["defaultRevision"] == "" {
			delete(values, "defaultRevision") // the chart's own default is what Helm users have
		}
	}
	lost = append(lost, k8sInto(values, mesh, of)...)
	return trimmed(values, of.Kind), lost
}

// keepGateway says what the chart of gateways would choose otherwise than ours:
// the ports of its Service would lead to other ports of the pods, it does not
// know profiles, and the labels are what the Deployment selects its pods by.
func keepGateway(values map[string]any, of profiles.Component) {
	own := of.Values
	for _, step := range of.Root {
		own = at(own, step)
	}
	for _, keep := range []struct{ from, group, to string }{
		{"ports", "service", "ports"},
		{"type", "service", "type"},
		{"resources", "", "resources"},
		{"autoscaleEnabled", "autoscaling", "enabled"},
		{"autoscaleMin", "autoscaling", "minReplicas"},
		{"autoscaleMax", "autoscaling", "maxReplicas"},
		{"labels", "", "labels"},
	} {
		into := values
		if keep.group != "" {
			into = maps.Clone(at(values, keep.group))
			values[keep.group] = into
		}
		if own[keep.from] != nil && (into[keep.to] == nil || keep.from == "labels") {
			into[keep.to] = own[keep.from]
		}
	}
	if own["customService"] == true {
		values["service"] = map[string]any{"type": "None"}
	}
}

// trimmed leaves out what a chart does not read.
func trimmed(values map[string]any, kind profiles.ComponentKind) map[string]any {
	others := map[profiles.ComponentKind][]string{
		profiles.Base:  {"cni", "gateways", "meshConfig", "pilot", "sidecarInjectorWebhook", "telemetry", "ztunnel"},
		profiles.Pilot: {"ztunnel"},
		profiles.Cni:   {"base", "gateways", "meshConfig", "pilot", "sidecarInjectorWebhook", "telemetry", "ztunnel"},
	}
	for _, key := range others[kind] {
		delete(values, key)
	}
	gateways := maps.Clone(at(values, "gateways"))
	for _, name := range []string{"istio-ingressgateway", "istio-egressgateway"} {
		delete(gateways, name)
	}
	if values["gateways"] = gateways; len(gateways) == 0 {
		delete(values, "gateways")
	}
	return values
}

// at is the mapping under a key, an empty one if there is none.
func at(tree map[string]any, key string) map[string]any {
	if child, ok := tree[key].(map[string]any); ok {
		return child
	}
	return map[string]any{}
}
