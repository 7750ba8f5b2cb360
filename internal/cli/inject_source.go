package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// injectSource says where the configuration of the injector comes from.
type injectSource struct {
	config configFlags

	fromCluster bool
	injectMap   string
	meshMap     string
	webhookMap  string

	injectFile, valuesFile, meshFile string

	native      string
	kubeVersion string
}

// The values of --native-sidecars.
const (
	nativeAuto = "auto"
	nativeOn   = "true"
	nativeOff  = "false"
)

func (s *injectSource) bind(env *Env, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&s.config.profile, "profile", "", "configuration `profile` that the mesh was installed with")
	flags.StringArrayVar(&s.config.files, "operator-file", nil, "IstioOperator `file` that the mesh was installed with; may be repeated")
	bindSets(cmd, &s.config.sets)
	flags.StringVarP(&s.config.revision, "revision", "r", "", "control plane `revision` to inject for")
	flags.StringVarP(&s.config.manifests, "manifests", "d", "", "`directory` with charts/ and profiles/ to use instead of the built-in ones")
	flags.StringVar(&s.config.platform, "platform", "", "`platform` that the mesh was made for, such as openshift")
	flags.StringVar(&s.config.meshVersion, "mesh-version", "", "`version` of Istio; 'meshctl version' names those that can be installed")

	flags.BoolVar(&s.fromCluster, "from-cluster", false, "take the configuration of the control plane in the cluster")
	flags.StringVar(&s.injectMap, "inject-config-map", "", "`name` of the ConfigMap in the cluster with templates and values (default istio-sidecar-injector)")
	flags.StringVar(&s.meshMap, "mesh-config-map", "", "`name` of the ConfigMap in the cluster with the mesh configuration (default istio)")
	flags.StringVar(&s.webhookMap, "webhook-config", "", "`name` of the one webhook configuration in the cluster that counts with --as-webhook")

	flags.StringVar(&s.injectFile, "inject-config", "", "`file` with the injector's configuration, or with a template for sidecars")
	flags.StringVar(&s.valuesFile, "values", "", "`file` with the values that templates use")
	flags.StringVar(&s.meshFile, "mesh-config", "", "`file` with the mesh configuration")

	flags.StringVar(&s.native, "native-sidecars", nativeAuto, "run proxies as native sidecars: `auto`, true or false; auto goes by the version of Kubernetes")
	flags.StringVar(&s.kubeVersion, "kube-version", "", "`version` of Kubernetes on the nodes, for --native-sidecars auto")
	completeProfiles(env, cmd, "profile")
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("native-sidecars", cobra.FixedCompletions([]string{nativeAuto, nativeOn, nativeOff}, cobra.ShellCompDirectiveNoFileComp))
}

// injectSettings is the configuration that was found.
type injectSettings struct {
	settings inject.Settings
	webhooks []inject.Webhook
	// native says whether proxies are native sidecars, and why.
	native string
}

// injectTexts are the three texts that make up a configuration.
type injectTexts struct {
	config, values, mesh []byte
	objects              []object.Object
	// operator and operatorMesh say whether an IstioOperator file says something,
	// and whether that is about the mesh.
	operator, operatorMesh bool
	// nodes are the versions of Kubernetes on the nodes of the cluster, by name.
	nodes map[string]string
}

func (s *injectSource) find(ctx context.Context, env *Env, around *inject.Surroundings) (*injectSettings, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var texts *injectTexts
	var err error
	switch {
	case s.live():
		texts, err = s.fromLive(ctx, env, around)
	case s.injectFile != "" && s.valuesFile != "" && s.meshFile != "" && len(s.config.files) == 0:
		texts = &injectTexts{}
	default:
		texts, err = s.fromCharts(env)
	}
	if err != nil {
		return nil, err
	}
	if err := s.readTexts(env, texts); err != nil {
		return nil, err
	}
	return s.settings(texts, around)
}

func (s *injectSource) live() bool {
	return s.fromCluster || s.injectMap != "" || s.meshMap != "" || s.webhookMap != ""
}

func (s *injectSource) check() error {
	if !slices.Contains([]string{nativeAuto, nativeOn, nativeOff}, s.native) {
		return usageErrorf("--native-sidecars %s: it can be %s, %s or %s", s.native, nativeAuto, nativeOn, nativeOff)
	}
	if s.kubeVersion != "" {
		if _, err := inject.NativeOn(s.kubeVersion); err != nil {
			return usageErrorf("--kube-version %w", err)
		}
	}
	if s.live() && (s.config.profile != "" || len(s.config.files) > 0 || len(s.config.sets) > 0 || s.config.manifests != "" || s.config.platform != "" || s.config.meshVersion != "") {
		return usageErrorf("the cluster and a profile cannot both say what to inject: leave out --from-cluster, or --profile, --set and the like")
	}
	return nil
}

// revision of the control plane; empty is the default one.
func (s *injectSource) revision() string {
	if s.config.revision == "default" {
		return ""
	}
	return s.config.revision
}

func (s *injectSource) suffix() string {
	if s.revision() == "" {
		return ""
	}
	return "-" + s.revision()
}

const (
	injectMapName = "istio-sidecar-injector"
	meshMapName   = "istio"
)

// fromCharts renders the control plane that an install would make.
func (s *injectSource) fromCharts(env *Env) (*injectTexts, error) {
	config, assets, err := s.config.load(env)
	if err != nil {
		return nil, err
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return nil, err
	}
	s.config.revision = mesh.Revision
	mesh.Components = slices.DeleteFunc(mesh.Components, func(c profiles.Component) bool { return c.Kind != profiles.Pilot })
	manifest, err := render.Render(mesh, assets)
	if err != nil {
		return nil, err
	}
	texts := &injectTexts{objects: manifest.Objects()}
	texts.operator, texts.operatorMesh = len(config.Files) > 0, slices.ContainsFunc(config.Files, configuresMesh)
	for _, o := range texts.objects {
		if o.GetKind() != "ConfigMap" {
			continue
		}
		data, _ := o.Object["data"].(map[string]any)
		text := func(key string) []byte { value, _ := data[key].(string); return []byte(value) }
		switch o.GetName() {
		case injectMapName + s.suffix():
			texts.config, texts.values = text("config"), text("values")
		case meshMapName + s.suffix():
			texts.mesh = text("mesh")
		}
	}
	if len(texts.config) == 0 && s.injectFile == "" {
		return nil, usageErrorf("profile %s has no injector, so there is nothing to inject", mesh.Profile)
	}
	return texts, nil
}

// settings reads the texts.
func (s *injectSource) settings(texts *injectTexts, around *inject.Surroundings) (*injectSettings, error) {
	found := &injectSettings{}
	set := &found.settings
	var err error
	if set.Config, err = inject.ReadConfig(texts.config); err != nil {
		return nil, s.wrong("--inject-config", s.injectFile, err)
	}
	if set.Values, err = inject.ReadValues(texts.values); err != nil {
		return nil, s.wrong("--values", s.valuesFile, err)
	}
	if set.Mesh, err = inject.ReadMesh(texts.mesh); err != nil {
		return nil, s.wrong("--mesh-config", s.meshFile, err)
	}
	if found.webhooks, err = inject.ReadWebhooks(texts.objects); err != nil {
		return nil, err
	}
	set.Revision = s.revision()
	set.ProxyEnv = inject.ProxyEnv(found.webhooks, s.revision())
	set.Namespaces, set.ProxyConfigs = around.Namespaces, around.ProxyConfigs
	set.Env = istiodEnv(set.Values)
	set.Compliance = set.Env["COMPLIANCE_POLICY"]
	global, _ := set.Values["global"].(map[string]any)
	set.OpenShift = global["platform"] == "openshift" || set.Env["PLATFORM"] == "openshift"
	native, why, err := s.isNative(set.Env, texts.nodes)
	if s.byNodes(set.Env) {
		set.NativeNodes = nativeNodes(texts.nodes)
	}
	set.Native, found.native = native, "off, "+why
	if native {
		found.native = "on, " + why
	}
	return found, err
}

// wrong names the file that an error is about.
func (s *injectSource) wrong(flag, file string, err error) error {
	if file == "" {
		return err
	}
	return &InputFileError{File: file + " (" + flag + ")", Err: err}
}

// istiodEnv are the variables that istiod itself was given.
func istiodEnv(values map[string]any) map[string]string {
	pilot, _ := values["pilot"].(map[string]any)
	variables, _ := pilot["env"].(map[string]any)
	env := make(map[string]string, len(variables))
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		env[name] = fmt.Sprint(variables[name])
	}
	return env
}

// byNodes says whether the nodes of the cluster decide about native sidecars.
func (s *injectSource) byNodes(env map[string]string) bool {
	return s.live() && s.native == nativeAuto && byVersion(env) && s.kubeVersion == ""
}

const nativeEnv = "ENABLE_NATIVE_SIDECARS"

// byVersion says whether istiod looks at the version of Kubernetes. What it does
// not understand is off.
func byVersion(env map[string]string) bool {
	said, ok := env[nativeEnv]
	return !ok || said == nativeAuto
}

// nativeNodes says of each node whether it is new enough. Like istiod it takes an
// unknown version as an old one.
func nativeNodes(nodes map[string]string) map[string]bool {
	native := make(map[string]bool, len(nodes))
	for name, version := range nodes {
		on, err := inject.NativeOn(version)
		native[name] = on && err == nil
	}
	return native
}

// isNative decides as istiod does, and says by what.
func (s *injectSource) isNative(env map[string]string, nodes map[string]string) (native bool, why string, err error) {
	switch {
	case s.native != nativeAuto:
		return s.native == nativeOn, "--native-sidecars", nil
	case !byVersion(env):
		return env[nativeEnv] == nativeOn, nativeEnv + " of istiod", nil
	case s.kubeVersion != "":
		native, err = inject.NativeOn(s.kubeVersion)
		return native, "Kubernetes " + strings.TrimPrefix(s.kubeVersion, "v"), err
	case !s.live():
		return false, "the version of Kubernetes is not known; --kube-version tells it", nil
	}
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		version := nodes[name]
		if on, err := inject.NativeOn(version); err != nil || !on {
			return false, "a node runs " + version, nil //nolint:nilerr // istiod takes an unknown version as an old one
		}
	}
	return true, fmt.Sprintf("every node runs 1.%d or later", inject.NativeSince), nil
}
