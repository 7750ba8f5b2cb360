package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// TestCharts_SettingsReachObjects looks at one field of one object for each
// rule by which charts choose between settings.
func TestCharts_SettingsReachObjects(t *testing.T) {
	const agent, ztunnel = "DaemonSet/istio-cni-node", "DaemonSet/ztunnel"
	const container = "spec.template.spec.containers.0."
	for _, c := range []struct {
		name   string
		sets   string // divided by blanks
		object string
		path   string
		want   any
	}{
		{"images of agents are global", "values.global.hub=h values.global.variant=debug", ztunnel, container + "image", "h/ztunnel:1.30.3-debug"},
		{"unless they are their own", "values.global.hub=h values.ztunnel.hub=z", ztunnel, container + "image", "z/ztunnel:1.30.3-distroless"},
		{"or a full reference", "values.cni.image=r.example/i:1", agent, container + "image", "r.example/i:1"},
		{"a component's tag is an image's", "components.cni.tag=t", agent, container + "image", "registry.istio.io/release/install-cni:t-distroless"},
		{"the agent logs at info", "", agent, container + "args.0", "--log_output_level=info"},
		{"or as all do", "values.global.logging.level=all:debug", agent, container + "args.0", "--log_output_level=all:debug"},
		{"or as it is told", "values.global.logging.level=all:debug values.cni.logging.level=warn", agent, container + "args.0", "--log_output_level=warn"},
		{"AppArmor is off by a field", "", agent, container + "securityContext.appArmorProfile.type", "Unconfined"},
		{"or by an annotation", "values.cni.useAppArmorAnnotation=true", agent, "spec.template.metadata.annotations.container\\.apparmor\\.security\\.beta\\.kubernetes\\.io/install-cni", "unconfined"},
		{"the agent has a network of its own", "", agent, "spec.template.spec.hostNetwork", nil},
		{"or that of its node", "values.cni.ambient.shareHostNetworkNamespace=true", agent, "spec.template.spec.dnsPolicy", "ClusterFirstWithHostNet"},
		{"its environment is its configuration too", "values.cni.env.A=b", "ConfigMap/istio-cni-config", "data.A", "b"},
		{"a folder with plugins that is not known is the usual one", "values.global.platform=gke", agent, "spec.template.spec.volumes.0.hostPath.path", "/opt/cni/bin"},
		{"agents may need a quota", "values.global.platform=gke", "ResourceQuota/ztunnel-resource-quota", "spec.hard.pods", "5000"},
		{"agents may need to be admitted", "values.global.platform=openshift", "ClusterRole/istio-cni", "rules.1.resourceNames.0", "privileged"},
		{"Multus knows the plugin by name", "values.cni.provider=multus", "NetworkAttachmentDefinition/istio-cni", "metadata.namespace", "default"},
		{"ztunnel follows its revision", "revision=blue", ztunnel, "spec.template.metadata.annotations.istio\\.io/rev", "blue"},
		{"ztunnel's settings have names", "values.ztunnel.resourceName=zt", "ServiceAccount/zt", "metadata.namespace", "istio-system"},
		{"a strategy of agents is one of updates", "components.ztunnel.k8s.strategy.type=OnDelete", ztunnel, "spec.updateStrategy.type", "OnDelete"},
		{"none unavailable is none", "values.pilot.rollingMaxUnavailable=0", "Deployment/istiod", "spec.strategy.rollingUpdate.maxUnavailable", int64(0)},
		{"a port of istiod's Service may be another's", "components.pilot.k8s.service.ports[0].port=15010 components.pilot.k8s.service.ports[0].name=grpc", "Service/istiod", "spec.ports.0.name", "grpc"},
		{"settings of a Service are not those of a tag's", "values.revisionTags[0]=prod components.pilot.k8s.service.type=NodePort", "Service/istiod-revision-tag-prod", "spec.type", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind, name, _ := strings.Cut(c.object, "/")
			for _, o := range objectsOf(t, profiles.Config{Profile: "ambient", Sets: strings.Fields(c.sets)}) {
				if o.GetKind() == kind && o.GetName() == name {
					if diff := cmp.Diff(c.want, fieldAt(o.Object, c.path)); diff != "" {
						t.Errorf("%s of %s (-want +got):\n%s", c.path, c.object, diff)
					}
					return
				}
			}
			t.Errorf("there is no %s", c.object)
		})
	}
}

func TestCharts_DefaultRevisionValidatesWhatNamesNone(t *testing.T) {
	for sets, want := range map[string]string{
		"":                                     "istiod",
		"revision=blue":                        "",
		"values.defaultRevision=blue":          "istiod-blue",
		"values.global.configValidation=false": "",
		"profile=remote":                       "",
		"profile=remote values.global.configCluster=true":                    "istiod",
		"profile=remote values.istiodRemote.enabledLocalInjectorIstiod=true": "istiod",
	} {
		got := ""
		for _, o := range objectsOf(t, profiles.Config{Sets: strings.Fields(sets)}) {
			if o.GetName() == "istiod-default-validator" {
				got, _ = fieldAt(o.Object, "webhooks.0.clientConfig.service.name").(string)
			}
		}
		if got != want {
			t.Errorf("%q: the validator asks %q, want %q", sets, got, want)
		}
	}
}

func TestCharts_AgentsFindIstiod(t *testing.T) {
	for sets, want := range map[string]string{
		"":                                  "istiod.istio-system.svc:15012",
		"revision=blue":                     "istiod-blue.istio-system.svc:15012",
		"values.global.istioNamespace=mesh": "istiod.mesh.svc:15012",
		"values.ztunnel.xdsAddress=x.example:443": "x.example:443",
	} {
		for _, o := range objectsOf(t, profiles.Config{Profile: "ambient", Sets: strings.Fields(sets)}) {
			if o.GetKind() == "DaemonSet" && o.GetName() == "ztunnel" {
				if got := environment(o)["XDS_ADDRESS"]; got != want {
					t.Errorf("%s: ztunnel looks for istiod at %v, want %s", sets, got, want)
				}
			}
		}
	}
}

// environment is that of the first container, as far as it is text.
func environment(workload object.Object) map[string]any {
	found := map[string]any{}
	list, _ := fieldAt(workload.Object, "spec.template.spec.containers.0.env").([]any)
	for _, entry := range list {
		variable, _ := entry.(map[string]any)
		name, _ := variable["name"].(string)
		found[name] = variable["value"]
	}
	return found
}

func TestCharts_RefuseWhatCannotWork(t *testing.T) {
	for sets, want := range map[string]string{
		"values.gateways.istio-ingressgateway.ports[0].nodePort=30001":                         "has no port",
		"components.cni.enabled=true components.cni.k8s.replicaCount=2":                        "one runs on every node",
		"values.revisionTags[0]=default":                                                       "is the name of this very revision",
		"components.pilot.k8s.overlays[0].kind=Secret components.pilot.k8s.overlays[0].name=x": "no Secret named \"x\"",
	} {
		mesh, err := profiles.Resolve(profiles.Config{Sets: strings.Fields(sets)}, manifests.FS())
		if err == nil {
			_, err = Render(mesh, manifests.FS())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error about %q", sets, err, want)
		}
	}
}
