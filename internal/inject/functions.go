package inject

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"google.golang.org/protobuf/types/known/durationpb"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// functions are what templates may call: sprig's, and over them those that
// istiod adds. Names and meanings are istiod's; templates rely on them.
func functions(env map[string]string) template.FuncMap {
	all := sprig.TxtFuncMap()
	maps.Copy(all, map[string]any{
		"annotation":             annotationOr,
		"isset":                  func(m map[string]string, key string) bool { _, ok := m[key]; return ok },
		"valueOrDefault":         valueOr,
		"excludeInboundPort":     withPort,
		"includeInboundPorts":    func(all []corev1.Container) string { return portsOf(all, "") },
		"applicationPorts":       func(all []corev1.Container) string { return portsOf(all, proxyContainer) },
		"kubevirtInterfaces":     same,
		"excludeInterfaces":      same,
		"toJSON":                 func(m map[string]string) string { return asJSON(m, m == nil) },
		"structToJSON":           func(v any) string { return asJSON(v, v == nil) },
		"fromJSON":               fromJSON,
		"toYaml":                 asYAML,
		"protoToJSON":            new(protoWriter).json,
		"formatDuration":         func(d *durationpb.Duration) string { return d.AsDuration().String() },
		"directory":              func(file string) string { dir, _ := path.Split(file); return dir },
		"toLower":                strings.ToLower,
		"contains":               func(part, whole string) bool { return strings.Contains(whole, part) },
		"indent":                 func(n int, text string) string { return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", n)) },
		"appendMultusNetwork":    withNetwork,
		"env":                    func(name, standard string) string { return envOr(env, name, standard) },
		"expandenv":              func(text string) string { return os.Expand(text, func(name string) string { return env[name] }) },
		"omit":                   omitKeys,
		"strdict":                pairs,
		"mergeMaps":              mergeMaps,
		"toJsonMap":              func(all ...map[string]string) string { return asJSON(mergeMaps(all...), false) },
		"omitNil":                omitNil,
		"otelResourceAttributes": otelAttributes,
	})
	return all
}

func same(text string) string { return text }

func annotationOr(meta *metav1.ObjectMeta, name string, standard any) string {
	if value, ok := meta.Annotations[name]; ok {
		return value
	}
	return fmt.Sprint(standard)
}

func valueOr(value, standard any) any {
	if value == nil || value == "" {
		return standard
	}
	return value
}

func envOr(env map[string]string, name, standard string) string {
	if value, ok := env[name]; ok {
		return value
	}
	return standard
}

// withPort adds a port to a list, unless it is in there.
func withPort(port any, list string) string {
	wanted := strings.TrimSpace(fmt.Sprint(port))
	if wanted == "" || wanted == "0" {
		return list
	}
	var ports []string
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		if item == wanted {
			return list
		}
		if item != "" {
			ports = append(ports, item)
		}
	}
	return strings.Join(append(ports, wanted), ",")
}

// portsOf lists the TCP ports of all containers but one.
func portsOf(containers []corev1.Container, except string) string {
	var ports []string
	for _, c := range containers {
		if c.Name == except {
			continue
		}
		for _, p := range c.Ports {
			if p.Protocol != corev1.ProtocolUDP && p.Protocol != corev1.ProtocolSCTP {
				ports = append(ports, fmt.Sprint(p.ContainerPort))
			}
		}
	}
	return strings.Join(ports, ",")
}

func asJSON(v any, empty bool) string {
	if text, err := json.Marshal(v); err == nil && !empty {
		return string(text)
	}
	return "{}"
}

func fromJSON(text string) any {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return "{}"
	}
	return value
}

func asYAML(v any) string {
	text, err := yaml.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// withNetwork adds "namespace/name" to the networks a pod asks multus for, which
// are a plain list or a JSON list.
func withNetwork(networks, wanted string) string {
	if networks == "" {
		return wanted
	}
	end := strings.LastIndex(networks, "]")
	if end < 0 {
		for network := range strings.SplitSeq(networks, ",") {
			if strings.TrimSpace(network) == wanted {
				return networks
			}
		}
		return networks + ", " + wanted
	}
	namespace, name, _ := strings.Cut(wanted, "/")
	var list []map[string]any
	if err := json.Unmarshal([]byte(networks), &list); err != nil {
		return networks
	}
	for _, network := range list {
		if network["name"] == name && network["namespace"] == namespace {
			return networks
		}
	}
	comma := ", "
	if len(list) == 0 {
		comma = ""
	}
	return networks[:end] + fmt.Sprintf(`%s{"name": %q, "namespace": %q}`, comma, name, namespace) + networks[end:]
}
