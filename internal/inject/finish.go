package inject

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

const (
	clusterEnv = "ISTIO_META_CLUSTER_ID"
	networkEnv = "ISTIO_META_NETWORK"
)

// finish does what templates cannot: it looks at the pod as it came out.
func (r *run) finish(pod *corev1.Pod) error {
	r.setProxyEnv(pod)
	if err := r.mergeScrape(pod); err != nil {
		return err
	}
	if err := r.rewriteProbes(pod); err != nil {
		return err
	}
	if network := r.env[networkEnv]; network != "" {
		setKey(&pod.Labels, networkLabel, network)
	}
	status, err := json.Marshal(r.status())
	if err != nil {
		return err
	}
	setKey(&pod.Annotations, statusAnnotation, string(status))
	for name, value := range r.Config.InjectedAnnotations {
		setKey(&pod.Annotations, name, value)
	}
	r.order(pod)
	return nil
}

func setKey(into *map[string]string, key, value string) {
	if *into == nil {
		*into = map[string]string{}
	}
	(*into)[key] = value
}

// status lists what all templates together have, by name.
func (r *run) status() Status {
	status := r.names
	status.Revision = r.revision()
	return status
}

// namesOf lists what a pod made of templates has.
func namesOf(added map[string]any) Status {
	spec, _ := added["spec"].(map[string]any)
	names := func(list string) []string {
		var found []string
		items, _ := spec[list].([]any)
		for _, item := range items {
			fields, _ := item.(map[string]any)
			name, _ := fields["name"].(string)
			found = append(found, name)
		}
		return found
	}
	return Status{
		InitContainers: names("initContainers"), Containers: names("containers"),
		Volumes: names("volumes"), ImagePullSecrets: names("imagePullSecrets"),
	}
}

// namesIn is of a patch what namesOf looks at, and what tells a merge what to do
// with it.
func namesIn(patch map[string]any) map[string]any {
	names := map[string]any{}
	for key, content := range patch {
		if strings.HasPrefix(key, "$") || key == "spec" && content == nil {
			names[key] = content
		}
	}
	spec, ok := patch["spec"].(map[string]any)
	if !ok {
		return names
	}
	named := map[string]any{}
	for list, content := range spec {
		items, ok := content.([]any)
		switch {
		case strings.HasPrefix(list, "$"), content == nil:
			named[list] = content
		case ok && slices.Contains([]string{"initContainers", "containers", "volumes", "imagePullSecrets"}, list):
			kept := make([]any, len(items))
			for i, item := range items {
				kept[i] = nameIn(item)
			}
			named[list] = kept
		}
	}
	names["spec"] = named
	return names
}

func nameIn(item any) any {
	fields, ok := item.(map[string]any)
	if !ok {
		return item
	}
	kept := make(map[string]any, 1)
	for key, value := range fields {
		if key == "name" || strings.HasPrefix(key, "$") {
			kept[key] = value
		}
	}
	return kept
}

// proxyEnv are the variables that say where the proxy is: what the webhook's URL
// has, the configured cluster and network, and the pod's own network.
func (in *Injector) proxyEnv(pod *corev1.Pod) map[string]string {
	env := map[string]string{}
	maps.Copy(env, in.ProxyEnv)
	cluster := cmp.Or(env[clusterEnv], in.values.Global.MultiCluster.ClusterName)
	network := cmp.Or(env[networkEnv], in.values.Global.Network)
	if own, ok := pod.Labels[networkLabel]; ok {
		network = own // even if it is empty, which says that there is none to add
	}
	for name, value := range map[string]string{clusterEnv: cluster, networkEnv: network} {
		if value != "" {
			env[name] = value
		}
	}
	return env
}

// setProxyEnv sets the variables behind all others. Those of an earlier injection
// stay where they are.
func (r *run) setProxyEnv(pod *corev1.Pod) {
	proxy := proxyOf(pod)
	if proxy == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.env)) {
		variable := corev1.EnvVar{Name: name, Value: r.env[name]}
		called := func(e corev1.EnvVar) bool { return e.Name == name }
		if i := slices.IndexFunc(proxy.Env, called); i >= 0 && r.before != nil {
			proxy.Env[i] = variable
			continue
		}
		proxy.Env = append(slices.DeleteFunc(proxy.Env, called), variable)
	}
}

// shareUser lets the container that sets up the capture know which user the
// proxy runs as: its traffic must not be captured again.
func (r *run) shareUser(pod *corev1.Pod) {
	if r.own == nil || r.own.SecurityContext == nil {
		return
	}
	user, group := r.own.SecurityContext.RunAsUser, r.own.SecurityContext.RunAsGroup
	if user == nil && group == nil {
		return
	}
	setup := findContainer(initContainer, pod.Spec.InitContainers)
	if setup == nil {
		setup = findContainer(checkContainer, pod.Spec.InitContainers)
	}
	if setup == nil {
		return
	}
	switch tproxy := meshconfig.ProxyConfig_TPROXY; {
	case r.proxy.GetInterceptionMode() == tproxy, pod.Annotations[modeAnnotation] == tproxy.String():
		// Only root may take over connections to other addresses.
		if proxy := proxyOf(pod); user != nil && proxy != nil && proxy.SecurityContext != nil {
			proxy.SecurityContext.RunAsUser = new(int64)
		}
	case setup.Name == checkContainer:
		if setup.SecurityContext == nil {
			setup.SecurityContext = &corev1.SecurityContext{}
		}
		setup.SecurityContext.RunAsUser = cmp.Or(user, setup.SecurityContext.RunAsUser)
		setup.SecurityContext.RunAsGroup = cmp.Or(group, setup.SecurityContext.RunAsGroup)
	}
	if user == nil || *user == 0 {
		return
	}
	if i := slices.Index(setup.Args, "-u"); i >= 0 && i+1 < len(setup.Args) {
		setup.Args[i+1] = strconv.FormatInt(*user, 10)
	}
}
