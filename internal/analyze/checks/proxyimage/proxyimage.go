// Package proxyimage finds pods whose sidecar is not of the image that injection gives.
package proxyimage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1beta1"
	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0158.md
var ist0158 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "proxyimage",
	Legacy: []string{"injection.ImageAnalyzer"},
	Doc:    "Sidecars have the image that injection gives today.",
	Needs:  []analyze.Kind{analyze.Namespace, analyze.Pod, analyze.ConfigMap},
	Uses:   []analyze.Kind{analyze.ProxyConfig, analyze.MeshConfig, analyze.MutatingWebhook},
	Codes:  []*analyze.Code{mismatch},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var mismatch = &analyze.Code{ID: "IST0158", Severity: analyze.Warning, Title: "Pods have another proxy image than injection gives", Doc: ist0158}

func run(pass *analyze.Pass) error {
	pods := map[string][]*analyze.Workload{}
	for _, w := range pass.Mesh.Workloads() {
		if w.Kind == analyze.Pod {
			pods[w.Namespace] = append(pods[w.Namespace], w)
		}
	}
	for namespace := range pass.Mesh.Namespaces().All() {
		if !analyze.InjectsSidecars(namespace.Labels) {
			continue
		}
		configMap, values, ok := injector(pass.Mesh, namespace.Labels)
		if ok && values.Image != "" {
			check(pass, namespace.Resource, configMap, values, pods[namespace.Name])
		}
	}
	return nil
}

func check(pass *analyze.Pass, namespace, configMap *analyze.Resource, values analyze.InjectorValues, pods []*analyze.Workload) {
	var odd []*analyze.Workload
	var has, wants string
	for _, pod := range pods {
		image := proxy(pod.Pod)
		if image == "" || pod.Annotations["sidecar.istio.io/proxyImage"] != "" {
			continue
		}
		if plain, want := expected(pass.Mesh, values, pod); image != plain && image != want {
			if odd = append(odd, pod); len(odd) == 1 {
				has, wants = image, want
			}
		}
	}
	if len(odd) == 0 {
		return
	}
	pass.Report(analyze.Diagnostic{
		Code: mismatch, On: namespace, Field: object.Field("metadata.name"),
		Message: fmt.Sprintf("the proxy is %s in place of %s, which injection gives now, in %s: restart the workloads", has, wants, analyze.Names(odd, 3)),
		Related: []analyze.Related{{On: configMap, Field: object.Field("data.values"), Note: "what injection gives"}},
	})
}

// injector finds what injects into a namespace with these labels.
func injector(mesh *analyze.Mesh, labels map[string]string) (*analyze.Resource, analyze.InjectorValues, bool) {
	label := labels["istio.io/rev"]
	if labels["istio-injection"] == "enabled" { // it wins over the revision
		label = ""
	}
	if configMap, values, ok := mesh.Injector(label); ok {
		return configMap, values, true
	}
	if label == "" {
		label = "default"
	}
	return mesh.Injector(mesh.RevisionOf(label))
}

func proxy(pod *core.PodSpec) string {
	for i := range pod.Containers {
		if pod.Containers[i].Name == "istio-proxy" {
			return pod.Containers[i].Image
		}
	}
	for i := range pod.InitContainers {
		if pod.InitContainers[i].Name == "istio-proxy" {
			return pod.InitContainers[i].Image
		}
	}
	return ""
}

// expected is the image without a variant, and that with the variant of the pod.
func expected(mesh *analyze.Mesh, values analyze.InjectorValues, pod *analyze.Workload) (plain, want string) {
	if strings.Contains(values.Image, "/") {
		return values.Image, values.Image
	}
	plain = values.Hub + "/" + values.Image + ":" + values.Tag
	if v := variant(mesh, pod); v != "" && !strings.HasSuffix(plain, "-"+v) {
		return plain, plain + "-" + v
	}
	return plain, plain
}

// variant is the type of image that counts for a pod: what is said nearest to it.
func variant(mesh *analyze.Mesh, pod *analyze.Workload) string {
	word := mesh.Config().Spec.GetDefaultConfig().GetImage().GetImageType()
	policies := mesh.PoliciesFor(analyze.ProxyConfig, pod)
	rank := func(p *analyze.Policy) int {
		switch {
		case p.Namespace == mesh.RootNamespace() && p.Namespace != pod.Namespace:
			return 0
		case len(p.Labels) == 0:
			return 1
		}
		return 2
	}
	policies = slices.Clone(policies)
	slices.SortStableFunc(policies, func(a, b *analyze.Policy) int { return rank(a) - rank(b) })
	for _, policy := range policies {
		config, ok := analyze.As[networking.ProxyConfig](policy.Resource)
		if ok && config.Spec.GetImage().GetImageType() != "" {
			word = config.Spec.GetImage().GetImageType()
		}
	}
	if text := pod.Annotations["proxy.istio.io/config"]; text != "" {
		// What cannot be read of it is reported by the check of annotations.
		if config, _ := analyze.ReadProxyConfig(text); config.GetImage().GetImageType() != "" {
			word = config.GetImage().GetImageType()
		}
	}
	if word == "default" {
		return ""
	}
	return word
}
