package inject

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Uninject takes the injection out of every pod in a stream, by what the status
// annotation, and the proxy itself, say about it. The rest of the text stays.
func Uninject(file string, text []byte, kinds Kinds) ([]byte, []Outcome, error) {
	w := &rewriter{kinds: kinds, change: func(pod *corev1.Pod, notes record) (*corev1.Pod, Decision, error) {
		if readStatus(pod) == nil {
			return pod, Decision{Rule: "not injected", Reason: "it was not injected"}, nil
		}
		undone, err := undo(pod.DeepCopy(), notes)
		return undone, Decision{Inject: true, Rule: "status", Reason: "it was injected"}, err
	}}
	return w.stream(file, text)
}

// undo makes a pod what it was before its injection. The pod is used up.
func undo(pod *corev1.Pod, notes record) (*corev1.Pod, error) {
	status := readStatus(pod)
	if status == nil {
		return pod, nil
	}
	saved, err := readOverrides(pod)
	if err != nil {
		return nil, err
	}
	u := undoing{pod: pod, status: status, annotations: maps.Clone(pod.Annotations), proxy: proxyOf(pod)}
	u.restoreProbes()
	u.restoreContainers(saved)
	u.dropVolumes()
	u.restoreScrape()
	u.dropMarks()
	if len(notes) == 0 {
		return pod, nil
	}
	fields, err := templateTree(&corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec})
	if err != nil {
		return nil, err
	}
	template, err := readPodTemplate(notes.replay(fields))
	if err != nil {
		return nil, err
	}
	pod.ObjectMeta, pod.Spec = template.ObjectMeta, template.Spec
	return pod, nil
}

// undoing is one injection on its way out.
type undoing struct {
	pod    *corev1.Pod
	status *Status
	// annotations and proxy are those of the injected pod.
	annotations map[string]string
	proxy       *corev1.Container
}

func (u *undoing) proxyVar(name string) string {
	if u.proxy == nil {
		return ""
	}
	for _, variable := range u.proxy.Env {
		if variable.Name == name {
			return variable.Value
		}
	}
	return ""
}

// restoreProbes gives the application's containers their own probes back.
func (u *undoing) restoreProbes() {
	probers := map[string]prober{}
	if json.Unmarshal([]byte(u.proxyVar(probersEnv)), &probers) != nil {
		return
	}
	for _, list := range [][]corev1.Container{u.pod.Spec.InitContainers, u.pod.Spec.Containers} {
		for i := range list {
			for _, p := range probesOf(&list[i]) {
				if known, ok := probers[p.path]; ok {
					*p.http, *p.tcp, *p.grpc = known.HTTPGet, known.TCPSocket, known.GRPC
				}
			}
		}
	}
}

// restoreContainers removes the containers of the templates, and puts those of
// them that the user had written back as they were.
func (u *undoing) restoreContainers(saved overrides) {
	spec := &u.pod.Spec
	restore := func(list []corev1.Container, names []string, saved []corev1.Container) []corev1.Container {
		var kept []corev1.Container
		for _, c := range list {
			own := findContainer(c.Name, saved)
			switch {
			case own != nil:
				kept = append(kept, withAuto(*own))
			case !slices.Contains(names, c.Name):
				kept = append(kept, c)
			}
		}
		return kept
	}
	var moved []corev1.Container
	inits := slices.DeleteFunc(slices.Clone(saved.InitContainers), func(c corev1.Container) bool {
		// A proxy among the init containers that does not go on running was written
		// among the others.
		away := c.Name == proxyContainer && c.RestartPolicy == nil
		if away {
			moved = append(moved, withAuto(c))
		}
		return away
	})
	spec.Containers = append(restore(spec.Containers, u.status.Containers, saved.Containers), moved...)
	spec.InitContainers = restore(spec.InitContainers, u.status.InitContainers, inits)
}

// withAuto undoes the saving: an image is required, and auto is saved as none.
func withAuto(c corev1.Container) corev1.Container {
	if c.Image == "" {
		c.Image = autoImage
	}
	return c
}

func (u *undoing) dropVolumes() {
	spec := &u.pod.Spec
	spec.Volumes = slices.DeleteFunc(spec.Volumes, func(v corev1.Volume) bool {
		return slices.Contains(u.status.Volumes, v.Name)
	})
	spec.ImagePullSecrets = slices.DeleteFunc(spec.ImagePullSecrets, func(s corev1.LocalObjectReference) bool {
		return slices.Contains(u.status.ImagePullSecrets, s.Name)
	})
	if len(spec.Volumes) == 0 {
		spec.Volumes = nil
	}
	if len(spec.ImagePullSecrets) == 0 {
		spec.ImagePullSecrets = nil
	}
	if context := spec.SecurityContext; context != nil && u.usedTemplate("gateway") &&
		len(context.Sysctls) == 1 && context.Sysctls[0] == (corev1.Sysctl{Name: "net.ipv4.ip_unprivileged_port_start", Value: "0"}) {
		spec.SecurityContext = context.DeepCopy()
		spec.SecurityContext.Sysctls = nil
		if reflect.ValueOf(*spec.SecurityContext).IsZero() {
			spec.SecurityContext = nil
		}
	}
}

func (u *undoing) usedTemplate(name string) bool {
	for asked := range strings.SplitSeq(u.annotations[templatesAnnotation], ",") {
		if strings.HasPrefix(strings.TrimSpace(asked), name) {
			return true
		}
	}
	return false
}

// restoreScrape tells Prometheus again what the application had said.
func (u *undoing) restoreScrape() {
	annotations := u.pod.Annotations
	if annotations[scrapePrefix+"path"] != proxyMetrics {
		return
	}
	dropScrape(annotations)
	var own scrape
	if json.Unmarshal([]byte(u.proxyVar(scrapeEnv)), &own) != nil {
		return
	}
	for key, value := range map[string]string{"scrape": own.Scrape, "path": own.Path, "port": own.Port} {
		if value != "" {
			annotations[scrapePrefix+key] = value
		}
	}
}

// dropMarks removes the labels and annotations that say nothing but what an
// injection would say again.
func (u *undoing) dropMarks() {
	labels, annotations := u.pod.Labels, u.pod.Annotations
	delete(annotations, statusAnnotation)
	delete(annotations, overridesAnnotation)
	if u.usedTemplate("grpc-") {
		dropIf(annotations, rewriteAnnotation, "false")
	}
	for mark, value := range u.marks() {
		dropIf(annotations, mark, value)
	}
	dropIf(labels, "security.istio.io/tlsMode", "istio")
	dropIf(labels, "networking.istio.io/tunnel", "http")
	if u.proxyVar(networkEnv) != "" {
		dropIf(labels, networkLabel, u.proxyVar(networkEnv))
	}
	u.dropCanonical("service.istio.io/canonical-revision", "latest", "app.kubernetes.io/version", "version")
	u.dropCanonical("service.istio.io/canonical-name", u.workload(), "app.kubernetes.io/name", "app")
	if len(labels) == 0 {
		u.pod.Labels = nil
	}
	if len(annotations) == 0 {
		u.pod.Annotations = nil
	}
}

// marks are annotations with the values that templates give them.
func (u *undoing) marks() map[string]string {
	marks := map[string]string{"istio.io/rev": u.status.Revision}
	for _, c := range u.pod.Spec.Containers {
		if c.Name != proxyContainer {
			marks["kubectl.kubernetes.io/default-container"] = c.Name
			marks["kubectl.kubernetes.io/default-logs-container"] = c.Name
			break
		}
	}
	if slices.Contains(u.status.InitContainers, checkContainer) || u.annotations[cniPorts] == strconv.Itoa(int(defaultProxy().GetStatusPort())) {
		const traffic = "traffic.sidecar.istio.io/"
		maps.Copy(marks, map[string]string{
			modeAnnotation:                      u.proxyVar("ISTIO_META_INTERCEPTION_MODE"),
			traffic + "includeOutboundIPRanges": "*",
			traffic + "includeInboundPorts":     "*",
			cniPorts:                            strconv.Itoa(int(defaultProxy().GetStatusPort())),
			"k8s.v1.cni.cncf.io/networks":       "default/istio-cni",
		})
	}
	return marks
}

const cniPorts = "traffic.sidecar.istio.io/excludeInboundPorts"

// workload is the name that the proxy was given for what it is a part of.
func (u *undoing) workload() string {
	name := u.proxyVar("ISTIO_META_OWNER")
	if name == "" {
		name = u.proxyVar("ISTIO_META_WORKLOAD_NAME")
	}
	if i := strings.LastIndex(name, "/"); i >= 0 {
		name = name[i+1:]
	}
	const longest = 63
	return strings.Trim(name[:min(len(name), longest)], "-")
}

// dropCanonical removes a label whose value comes from other labels anyway.
func (u *undoing) dropCanonical(label, standard string, sources ...string) {
	for _, source := range sources {
		if value := u.pod.Labels[source]; value != "" {
			standard = value
			break
		}
	}
	dropIf(u.pod.Labels, label, standard)
}

func dropIf(from map[string]string, key, value string) {
	if from[key] == value {
		delete(from, key)
	}
}
