package inject

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// Config is the injector's configuration: the key "config" of the ConfigMap
// istio-sidecar-injector.
type Config struct {
	// Policy is enabled or disabled: what happens to pods about which nobody said
	// anything. With any other, no pod at all is injected.
	Policy               string                 `json:"policy"`
	DefaultTemplates     []string               `json:"defaultTemplates"`
	Templates            map[string]string      `json:"templates"`
	Aliases              map[string][]string    `json:"aliases"`
	NeverInjectSelector  []metav1.LabelSelector `json:"neverInjectSelector"`
	AlwaysInjectSelector []metav1.LabelSelector `json:"alwaysInjectSelector"`
	InjectedAnnotations  map[string]string      `json:"injectedAnnotations"`
}

const (
	policyEnabled  = "enabled"
	policyDisabled = "disabled"
	sidecarName    = "sidecar"
)

// ReadConfig reads the configuration of an injector. Text without templates is
// taken as the sidecar template itself, as older versions had it in a file.
func ReadConfig(text []byte) (Config, error) {
	var config Config
	if err := yaml.Unmarshal(text, &config); err != nil || len(config.Templates) == 0 {
		if _, err := parseTemplate(sidecarName, string(text), nil); err != nil {
			return Config{}, fmt.Errorf("reading the injector's configuration: neither a list of templates nor a template: %w", err)
		}
		return Config{Policy: policyEnabled, Templates: map[string]string{sidecarName: string(text)}}, nil
	}
	config.Policy = cmp.Or(config.Policy, policyEnabled)
	return config, nil
}

// ReadValues reads the values of a control plane, JSON or YAML.
func ReadValues(text []byte) (map[string]any, error) {
	values := map[string]any{}
	if err := yaml.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("reading the values: %w", err)
	}
	if _, err := readValues(values); err != nil {
		return nil, err
	}
	if values["global"] == nil {
		return nil, errors.New("reading the values: there is nothing below global; the key values of the ConfigMap istio-sidecar-injector has what is needed")
	}
	return values, nil
}

// typedValues are the values that code, not templates, goes by.
type typedValues struct {
	Global struct {
		Hub          any    `json:"hub"`
		Tag          any    `json:"tag"`
		Variant      string `json:"variant"`
		Network      string `json:"network"`
		MultiCluster struct {
			ClusterName string `json:"clusterName"`
		} `json:"multiCluster"`
		Proxy struct {
			Image string `json:"image"`
			Hold  bool   `json:"holdApplicationUntilProxyStarts"`
		} `json:"proxy"`
	} `json:"global"`
	Webhook struct {
		RewriteProbes bool `json:"rewriteAppHTTPProbe"`
	} `json:"sidecarInjectorWebhook"`
}

func readValues(values map[string]any) (typedValues, error) {
	var typed typedValues
	text, err := json.Marshal(values)
	if err != nil {
		return typed, fmt.Errorf("reading the values: %w", err)
	}
	if err := json.Unmarshal(text, &typed); err != nil {
		return typed, fmt.Errorf("reading the values: %w", err)
	}
	return typed, nil
}
