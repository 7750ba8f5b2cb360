package analyze

import (
	"errors"
	"slices"

	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

// TemplateField is where a workload has the metadata and the spec of its pods:
// at the top of a pod, in the template of what makes pods.
func (w *Workload) TemplateField() object.Path {
	switch w.Kind {
	case Pod, WorkloadEntry:
		return nil
	case CronJob:
		return object.Field("spec.jobTemplate.spec.template")
	case WorkloadGroup:
		return object.Field("spec")
	}
	return object.Field("spec.template")
}

// Made says whether a workload is a pod whose maker is in the mesh too, so that
// what is wrong with its template is said there and not of each pod.
func (m *Mesh) Made(w *Workload) bool {
	if w.Kind != Pod || len(w.Owners) == 0 {
		return false
	}
	switch w.Owners[0].Kind { // of others the mesh has no template
	case "ReplicaSet":
		return m.Knows(Deployment, w.Namespace)
	case "StatefulSet":
		return m.Knows(StatefulSet, w.Namespace)
	case "DaemonSet":
		return m.Knows(DaemonSet, w.Namespace)
	case "Job":
		return m.Knows(Job, w.Namespace)
	}
	return false
}

// OfControlPlane says whether labels are those of Istio's own workloads and services.
func OfControlPlane(labels map[string]string) bool {
	_, ok := labels["istio"]
	return ok || labels["release"] == "istio"
}

// ReadProxyConfig reads the YAML of the annotation proxy.istio.io/config. What
// cannot be read of it is missing in the result and told by the error.
func ReadProxyConfig(text string) (*meshapi.ProxyConfig, error) {
	config := new(meshapi.ProxyConfig)
	root, err := object.Parse([]byte(text))
	if err != nil {
		return config, err
	}
	var all []error
	for _, problem := range new(decode.Decoder).Into(&root, config, nil) {
		all = append(all, errors.New(problem.Path.String()+" "+problem.Message))
	}
	return config, errors.Join(slices.Clip(all)...)
}
