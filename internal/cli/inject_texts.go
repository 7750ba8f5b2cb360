package cli

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/profiles"
)

// readTexts reads the files that say more than the charts or the cluster. As in
// istioctl, an IstioOperator file wins over a file with values, and over one with
// the configuration of the mesh if it has any itself.
func (s *injectSource) readTexts(env *Env, texts *injectTexts) error {
	for _, file := range []struct {
		flag, name string
		into       *[]byte
		lost       bool
		set        string
	}{
		{"--inject-config", s.injectFile, &texts.config, false, s.setBelow(injectorPath)},
		{"--values", s.valuesFile, &texts.values, texts.operator, s.setBelow("values.", injectorPath)},
		{"--mesh-config", s.meshFile, &texts.mesh, texts.operatorMesh, s.setBelow("meshConfig.")},
	} {
		if file.name == "" {
			continue
		}
		if file.lost {
			env.warn(fmt.Sprintf("%s is not read: --operator-file says what would be in it", file.flag))
			continue
		}
		var err error
		if *file.into, err = readInput(env, file.name, false); err != nil {
			return err
		}
		if file.set != "" {
			env.warn(fmt.Sprintf("%s does not count: %s says it", file.set, file.flag))
		}
	}
	return nil
}

// injectorPath is what of the values the injector's configuration is made of.
const injectorPath = "values.sidecarInjectorWebhook."

// setBelow finds an argument of --set about something below one path and none of others.
func (s *injectSource) setBelow(path string, others ...string) string {
	for _, set := range s.config.sets {
		below := func(path string) bool { return strings.HasPrefix(set.Argument, path) }
		if below(path) && !slices.ContainsFunc(others, below) {
			return "--" + set.As.Flag() + " " + set.Argument
		}
	}
	return ""
}

// configuresMesh says whether an IstioOperator, or its bare spec, has a mesh
// configuration. What is no YAML was refused before.
func configuresMesh(file profiles.File) bool {
	var operator struct {
		Mesh any `json:"meshConfig"`
		Spec struct {
			Mesh any `json:"meshConfig"`
		} `json:"spec"`
	}
	_ = yaml.Unmarshal(file.Data, &operator)
	return operator.Mesh != nil || operator.Spec.Mesh != nil
}
