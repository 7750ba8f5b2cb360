package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/samples"
)

// The ways in which the pods of a namespace can join the mesh, as --mesh names them.
const (
	joinAuto    = "auto"
	joinSidecar = "sidecar"
	joinAmbient = "ambient"
	joinNone    = "none"
)

// The labels by which namespaces join.
const (
	injectionLabel = "istio-injection"
	revisionLabel  = "istio.io/rev"
	dataplaneLabel = "istio.io/dataplane-mode"
)

func checkJoin(how string) error {
	if slices.Contains([]string{joinAuto, joinSidecar, joinAmbient, joinNone}, how) {
		return nil
	}
	return usageErrorf("--mesh %s: it can be %s, %s, %s or %s", how, joinAuto, joinSidecar, joinAmbient, joinNone)
}

// joinedNamespace is the namespace for a sample, labelled so that its pods join
// the mesh. A namespace that says already how its pods join goes on as it is, and
// to an example one that is there is none of its business. It stays when the
// sample goes.
func joinedNamespace(ctx context.Context, env *Env, cluster *kube.Cluster, o sampleOptions, sample samples.Sample, name string) ([]object.Object, error) {
	labels := map[string]string{}
	live, found, err := cluster.Get(ctx, object.Ref{Kind: "Namespace", Name: name})
	if err != nil || found && sample.IsExample() {
		return nil, err
	}
	if found {
		for _, label := range []string{injectionLabel, revisionLabel, dataplaneLabel} {
			if value, ok := live.GetLabels()[label]; ok {
				labels[label] = value
			}
		}
	}
	if len(labels) == 0 && o.mesh != joinNone {
		label, value, err := o.join(ctx, env, cluster)
		if err != nil {
			return nil, err
		}
		labels[label] = value
	}
	namespace := object.New(map[string]any{"apiVersion": "v1", "kind": "Namespace"}, object.Source{})
	namespace.SetName(name)
	namespace.SetLabels(labels)
	namespace.SetAnnotations(map[string]string{"helm.sh/resource-policy": "keep"})
	return []object.Object{namespace}, nil
}

// join is the label with which pods join the mesh that is installed.
func (o sampleOptions) join(ctx context.Context, env *Env, cluster *kube.Cluster) (label, value string, err error) {
	store, err := openStore(ctx, env, cluster, env.Global.IstioNamespace)
	if err != nil {
		return "", "", err
	}
	record, installed, err := store.Latest(release.Name(o.revision))
	if err != nil {
		return "", "", err
	}
	if !installed {
		env.warnAll([]string{fmt.Sprintf("there is no mesh in namespace %s yet; 'sample install' works better after 'install'", env.Global.IstioNamespace)})
	}
	ambient := o.mesh == joinAmbient || o.mesh == joinAuto && status.ServerOf(record).Ambient
	switch {
	case ambient:
		return dataplaneLabel, "ambient", nil
	case release.Name(o.revision) != release.Name(""):
		return revisionLabel, o.revision, nil
	}
	return injectionLabel, "enabled", nil
}

// warnWithoutApplication says that an example has nothing to show yet.
func warnWithoutApplication(ctx context.Context, env *Env, cluster *kube.Cluster, sample samples.Sample, namespace string) error {
	if !sample.IsExample() {
		return nil
	}
	objects, err := samples.Objects(env.Assets, sample.Of, namespace)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(objects, func(o object.Object) bool { return o.GetKind() == "Deployment" })
	if at < 0 {
		return nil
	}
	_, found, err := cluster.Get(ctx, objects[at].Ref())
	if err == nil && !found {
		env.warn(fmt.Sprintf("%s is an example of %s, which is not in namespace %s yet: '%s sample install %s -n %s' brings it",
			sample.Name, sample.Of, namespace, env.program(), sample.Of, namespace))
	}
	return err
}
