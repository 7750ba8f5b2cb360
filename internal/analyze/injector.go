package analyze

import (
	"encoding/json"
	"fmt"
)

// InjectorValues are those of a control plane's values by which it injects.
type InjectorValues struct {
	// Hub, Tag and Image are what the image of sidecars is made of. An Image
	// with a slash is the whole of it.
	Hub, Tag, Image string
	// Namespaces says whether namespaces without any label get sidecars.
	Namespaces bool
}

// Injector reads the values of the injector of a revision, which istiod keeps
// in a ConfigMap; ok is false if there is none or it cannot be read. The empty
// revision is the default one.
func (m *Mesh) Injector(revision string) (configMap *Resource, values InjectorValues, ok bool) {
	name := "istio-sidecar-injector"
	if revision != "" && revision != "default" {
		name += "-" + revision
	}
	found, ok := m.ConfigMaps().Get(m.Settings.IstioNamespace, name)
	if !ok {
		return configMap, values, false
	}
	var raw struct {
		Global struct {
			Hub   string `json:"hub"`
			Tag   any    `json:"tag"`
			Proxy struct {
				Image string `json:"image"`
			} `json:"proxy"`
		} `json:"global"`
		SidecarInjectorWebhook struct {
			EnableNamespacesByDefault bool `json:"enableNamespacesByDefault"`
		} `json:"sidecarInjectorWebhook"`
	}
	if json.Unmarshal([]byte(found.Spec.Data["values"]), &raw) != nil {
		return configMap, values, false
	}
	values = InjectorValues{Hub: raw.Global.Hub, Image: raw.Global.Proxy.Image, Namespaces: raw.SidecarInjectorWebhook.EnableNamespacesByDefault}
	if raw.Global.Tag != nil {
		values.Tag = fmt.Sprint(raw.Global.Tag)
	}
	return found.Resource, values, true
}

// RevisionOf is the revision that a label istio.io/rev stands for: that of the
// tag of this name, if there is one.
func (m *Mesh) RevisionOf(label string) string {
	for webhook := range m.MutatingWebhooks().All() {
		if webhook.Labels["istio.io/tag"] == label && webhook.Labels[revisionLabel] != "" && label != "" {
			return webhook.Labels[revisionLabel]
		}
	}
	return label
}
