package series

import "strings"

// scraped are the labels that the job kubernetes-pods gives to what it reads from
// the pod: who was asked, and the labels of the pod.
func scraped(w Workload) labels {
	return labels{
		"job": "kubernetes-pods", "instance": w.IP + ":" + port(w), "namespace": w.Namespace, "pod": w.Pod(), "node": w.Node,
		"app": w.App, "version": w.Version,
		"service_istio_io_canonical_name": w.App, "service_istio_io_canonical_revision": w.Version,
	}
}

// port is where the pod shows its metrics.
func port(w Workload) string {
	if w.Kind == Istiod {
		return "15014"
	}
	return "15020"
}

// splitHost takes a service's name and namespace from its host name.
func splitHost(host string) (name, namespace string) {
	name, rest, _ := strings.Cut(host, ".")
	namespace, _, _ = strings.Cut(rest, ".")
	return name, namespace
}
