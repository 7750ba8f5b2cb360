package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/meshctl/meshctl/internal/platform"
	"github.com/meshctl/meshctl/internal/profiles"
)

// okeSettings are the settings that --oke-lb stands for. All ingress gateways
// share them.
func okeSettings(text string) ([]profiles.Setting, error) {
	lb, err := platform.ParseOKE(text)
	if err != nil {
		return nil, usageErrorf("--oke-lb %s: %w", text, err)
	}
	flag := "--oke-lb " + text
	gateway := []string{"values", "gateways", ingressRoot}
	var settings []profiles.Setting
	for _, pair := range lb.Annotations() {
		path := append(append([]string{}, gateway...), "serviceAnnotations", pair[0])
		settings = append(settings, profiles.Setting{Path: path, Value: pair[1], Flag: flag})
	}
	if lb.KeepsClientIP() {
		path := append(append([]string{}, gateway...), "externalTrafficPolicy")
		settings = append(settings, profiles.Setting{Path: path, Value: "Local", Flag: flag})
	}
	return settings, nil
}

const (
	ingressRoot = "istio-ingressgateway"
	egressRoot  = "istio-egressgateway"
)

// gatewayService is what the configuration says of the Service of a gateway.
type gatewayService struct {
	annotations map[string]string
	// paths tells where an annotation was set.
	paths  map[string][]string
	policy string
	kind   string
}

// gatewayServices finds the Services of the gateways.
func gatewayServices(mesh *profiles.Mesh) []gatewayService {
	var services []gatewayService
	for _, component := range mesh.Components {
		root, list := ingressRoot, "ingressGateways"
		switch component.Kind {
		case profiles.EgressGateways:
			root, list = egressRoot, "egressGateways"
		case profiles.IngressGateways:
		default:
			continue
		}
		services = append(services, serviceOf(mesh, component, root, list))
	}
	return services
}

func serviceOf(mesh *profiles.Mesh, component profiles.Component, root, list string) gatewayService {
	found := gatewayService{annotations: map[string]string{}, paths: map[string][]string{}}
	own := child(child(component.Values, "gateways"), root)
	for key, value := range child(own, "serviceAnnotations") {
		found.annotations[key] = fmt.Sprint(value)
		found.paths[key] = []string{"values", "gateways", root, "serviceAnnotations", key}
	}
	place := strconv.Itoa(indexOf(mesh, list, component.Name))
	for key, value := range child(component.K8s, "serviceAnnotations") {
		found.annotations[key] = fmt.Sprint(value)
		found.paths[key] = []string{"components", list, place, "k8s", "serviceAnnotations", key}
	}
	for _, from := range []map[string]any{own, child(component.K8s, "service")} {
		if policy, ok := from["externalTrafficPolicy"].(string); ok && policy != "" {
			found.policy = policy
		}
		if kind, ok := from["type"].(string); ok && kind != "" {
			found.kind = kind
		}
	}
	return found
}

func child(tree map[string]any, key string) map[string]any {
	found, _ := tree[key].(map[string]any)
	return found
}

// indexOf is the place of a gateway in its list, which may also have gateways that are off.
func indexOf(mesh *profiles.Mesh, list, name string) int {
	gateways, _ := child(mesh.Spec(), "components")[list].([]any)
	for i, one := range gateways {
		if fields, _ := one.(map[string]any); fields["name"] == name {
			return i
		}
	}
	return 0
}

// checkOKE refuses what Oracle's cloud would refuse, and warns of what it would
// not obey.
func checkOKE(env *Env, mesh *profiles.Mesh) error {
	var errs []error
	fresh := newOnce()
	for _, service := range gatewayServices(mesh) {
		for _, problem := range platform.CheckOKE(service.annotations, service.policy == "Local") {
			path := service.paths[problem.Key]
			found := &profiles.InputError{
				Place:   mesh.Origin(path...),
				Path:    "spec." + profiles.PathText(path),
				Problem: problem.Text,
			}
			switch {
			case !fresh(found.Error()):
			case problem.Fatal:
				errs = append(errs, found)
			default:
				env.warn(found.Error())
			}
		}
	}
	return errors.Join(errs...)
}
