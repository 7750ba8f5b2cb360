package images

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/object"
)

// What istiod injects is text that it executes for each pod. Only the lines
// that name images matter here, and those use few words: a literal, the image
// that istiod computes for proxies, or one named in the values.

// TemplatePrefix begins the description of templates among those who need an image.
const TemplatePrefix = "injection template "

const (
	injectorName = "istio-sidecar-injector"
	meshName     = "istio"
)

// imageLine finds what a template says an image is.
var imageLine = regexp.MustCompile(`(?m)(?:^|[\s{,-])image:[ \t]*(\S.*)$`)

// quoted finds a literal that a template falls back to.
var quoted = regexp.MustCompile(`"([\w./-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?)"`)

// injected adds what the templates of each revision ask for.
func (f *finder) injected(objects []object.Object) error {
	maps := map[string]object.Object{}
	for _, o := range objects {
		if o.GetKind() == "ConfigMap" {
			maps[o.GetName()] = o
		}
	}
	for name, config := range maps {
		suffix, ok := strings.CutPrefix(name, injectorName)
		if !ok {
			continue
		}
		revision, err := readRevision(config, maps[meshName+suffix])
		if err != nil {
			return fmt.Errorf("reading the templates in %s: %w", config.Ref(), err)
		}
		revision.agentgateway = agentgatewayIsOn(objects)
		f.templates(revision)
	}
	return nil
}

// revision is what decides the images that one istiod injects.
type revision struct {
	templates map[string]string
	global    struct {
		Hub                string `json:"hub"`
		Tag                any    `json:"tag"`
		GRPCBootstrapImage string `json:"grpcBootstrapImage"`
		Proxy              image  `json:"proxy"`
		ProxyInit          image  `json:"proxy_init"`
		Agentgateway       image  `json:"agentgateway"`
	}
	imageType    string
	agentgateway bool
}

type image struct {
	Image string `json:"image"`
}

func readRevision(injector, mesh object.Object) (revision, error) {
	var found revision
	data, _, err := unstructured.NestedStringMap(injector.Object, "data")
	if err != nil {
		return found, err
	}
	var config struct {
		Templates map[string]string `json:"templates"`
	}
	if err := yaml.Unmarshal([]byte(data["config"]), &config); err != nil {
		return found, err
	}
	found.templates = config.Templates
	values := struct {
		Global any `json:"global"`
	}{&found.global}
	if err := yaml.Unmarshal([]byte(data["values"]), &values); err != nil {
		return found, err
	}
	if mesh.Object == nil {
		return found, nil
	}
	text, _, err := unstructured.NestedString(mesh.Object, "data", "mesh")
	if err != nil {
		return found, err
	}
	var settings struct {
		DefaultConfig struct {
			Image struct {
				ImageType string `json:"imageType"`
			} `json:"image"`
		} `json:"defaultConfig"`
	}
	err = yaml.Unmarshal([]byte(text), &settings)
	found.imageType = settings.DefaultConfig.Image.ImageType
	return found, err
}

// agentgatewayIsOn reports whether istiod makes gateways of that class.
func agentgatewayIsOn(objects []object.Object) bool {
	for _, o := range objects {
		if o.GetKind() != "Deployment" || o.GetLabels()["app"] != "istiod" {
			continue
		}
		spec, _ := podSpec(o)
		containers, _ := spec["containers"].([]any)
		for _, one := range containers {
			container, _ := one.(map[string]any)
			env, _ := container["env"].([]any)
			for _, one := range env {
				if variable, _ := one.(map[string]any); variable["name"] == "PILOT_ENABLE_AGENTGATEWAY" {
					return variable["value"] == "true"
				}
			}
		}
	}
	return false
}

// templates adds the images of the templates, in the order of their names.
func (f *finder) templates(r revision) {
	for _, name := range slices.Sorted(maps.Keys(r.templates)) {
		text := r.templates[name]
		by := TemplatePrefix + name
		for _, line := range imageLine.FindAllStringSubmatch(text, -1) {
			refs, known := r.resolve(strings.TrimSpace(line[1]), text)
			for _, ref := range refs {
				f.add(ref, by)
			}
			if !known {
				f.unknown = append(f.unknown, Unknown{NeededBy: by, Why: why(strings.TrimSpace(line[1]))})
			}
		}
	}
}

func why(expression string) string {
	if strings.Contains(expression, ".AgentgatewayImage") {
		return "istiod has one built in, unless values.global.agentgateway.image names another"
	}
	return "istiod works out " + expression
}

// resolve gives the images that an expression may come to, unless pods say
// otherwise. Templates put the image of the sidecar and of what redirects its
// traffic into the same variable, so a template that uses both may mean either.
func (r revision) resolve(expression, template string) (refs []string, known bool) {
	switch {
	case !strings.Contains(expression, "{{"):
		literal, _, _ := strings.Cut(expression, " #")
		return []string{strings.Trim(strings.TrimRight(literal, " ,}"), `"'`)}, true
	case strings.Contains(expression, ".AgentgatewayImage"):
		switch {
		case r.global.Agentgateway.Image != "":
			return []string{r.global.Agentgateway.Image}, true
		case r.agentgateway:
			return nil, false
		}
		return nil, true
	case strings.Contains(expression, ".ProxyImage"):
		if strings.Contains(template, "proxy_init.image") {
			refs = append(refs, r.proxy(r.global.ProxyInit.Image))
		}
		return append(refs, r.proxy(r.global.Proxy.Image)), true
	case strings.Contains(expression, ".grpcBootstrapImage"):
		if r.global.GRPCBootstrapImage != "" {
			return []string{r.global.GRPCBootstrapImage}, true
		}
		if fallback := quoted.FindStringSubmatch(expression); fallback != nil {
			return []string{fallback[1]}, true
		}
	}
	return nil, false
}

// proxy is the image that istiod computes where the values name no full one.
func (r revision) proxy(named string) string {
	if strings.Contains(named, "/") {
		return named
	}
	name := r.global.Proxy.Image
	if name == "" {
		name = "proxyv2"
	}
	if strings.Contains(name, "/") {
		return name
	}
	return fmt.Sprintf("%s/%s:%s", r.global.Hub, name, typed(fmt.Sprint(r.global.Tag), r.imageType))
}

// typed is a tag for a type of image, in the place of the one it may name already.
func typed(tag, kind string) string {
	if kind == "" {
		return tag
	}
	for _, other := range []string{"-distroless", "-debug"} {
		tag = strings.TrimSuffix(tag, other)
	}
	if kind == "default" {
		return tag
	}
	return tag + "-" + kind
}
