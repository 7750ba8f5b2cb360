package inject

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const (
	rewriteAnnotation    = "sidecar.istio.io/rewriteAppHTTPProbers"
	statusPortAnnotation = "status.sidecar.istio.io/port"
	probersEnv           = "ISTIO_KUBE_APP_PROBERS"
)

// prober is a probe as the agent is to make it. The kubelet has no certificate,
// so it asks the agent, and the agent asks the application.
type prober struct {
	HTTPGet        *corev1.HTTPGetAction   `json:"httpGet,omitempty"`
	TCPSocket      *corev1.TCPSocketAction `json:"tcpSocket,omitempty"`
	GRPC           *corev1.GRPCAction      `json:"grpc,omitempty"`
	TimeoutSeconds int32                   `json:"timeoutSeconds,omitempty"`
}

// probe is a probe or lifecycle handler of a container, and the path under which
// the agent makes it.
type probe struct {
	path    string
	http    **corev1.HTTPGetAction
	tcp     **corev1.TCPSocketAction
	grpc    **corev1.GRPCAction
	timeout int32
}

func probesOf(c *corev1.Container) []probe {
	var probes []probe
	for _, p := range []struct {
		name  string
		probe *corev1.Probe
	}{{"readyz", c.ReadinessProbe}, {"livez", c.LivenessProbe}, {"startupz", c.StartupProbe}} {
		if p.probe != nil {
			probes = append(probes, probe{
				"/app-health/" + c.Name + "/" + p.name,
				&p.probe.HTTPGet, &p.probe.TCPSocket, &p.probe.GRPC, p.probe.TimeoutSeconds,
			})
		}
	}
	if c.Lifecycle == nil {
		return probes
	}
	for _, h := range []struct {
		name    string
		handler *corev1.LifecycleHandler
	}{{"prestopz", c.Lifecycle.PreStop}, {"poststartz", c.Lifecycle.PostStart}} {
		if h.handler != nil {
			var none *corev1.GRPCAction
			probes = append(probes, probe{
				"/app-lifecycle/" + c.Name + "/" + h.name,
				&h.handler.HTTPGet, &h.handler.TCPSocket, &none, 0,
			})
		}
	}
	return probes
}

// rewriteProbes sends the probes of the application's containers to the agent.
func (r *run) rewriteProbes(pod *corev1.Pod) error {
	proxy := proxyOf(pod)
	if proxy == nil || !r.rewrites(pod) {
		return nil
	}
	agent := agentPorts{standard: r.Mesh.GetDefaultConfig().GetStatusPort(), again: r.before != nil}
	agent.own = agent.standard
	if own, err := strconv.ParseUint(pod.Annotations[statusPortAnnotation], 10, 16); err == nil {
		agent.own = int32(own)
	}
	probers := map[string]prober{}
	for _, list := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for i := range list {
			if list[i].Name != proxyContainer {
				rewriteContainer(&list[i], agent, probers)
			}
		}
	}
	if len(probers) == 0 {
		return nil
	}
	return r.tellAgent(proxy, probers)
}

// agentPorts are where the agent listens: by the configuration of the mesh, and
// in this pod. again is set for a pod that was injected before.
type agentPorts struct {
	standard, own int32
	again         bool
}

// has says whether a probe leads to the agent already.
func (a agentPorts) has(port int32) bool { return port == a.standard || a.again && port == a.own }

func (r *run) rewrites(pod *corev1.Pod) bool {
	if own, err := strconv.ParseBool(pod.Annotations[rewriteAnnotation]); err == nil {
		return own
	}
	return r.values.Webhook.RewriteProbes
}

func rewriteContainer(c *corev1.Container, agent agentPorts, probers map[string]prober) {
	for _, p := range probesOf(c) {
		if known, ok := p.prober(c, agent); ok {
			probers[p.path] = known
		}
		if *p.http == nil && *p.tcp == nil && *p.grpc == nil {
			continue
		}
		if *p.http == nil {
			*p.http = &corev1.HTTPGetAction{}
		}
		*p.tcp, *p.grpc = nil, nil
		get := *p.http
		get.Path, get.Port = p.path, intstr.FromInt32(agent.own)
		if get.Scheme == corev1.URISchemeHTTPS {
			get.Scheme = corev1.URISchemeHTTP
		}
	}
}

// prober is the probe with its port as a number, and false where the agent is
// not to make it: commands, ports that nobody named, and probes of the agent.
func (p probe) prober(c *corev1.Container, agent agentPorts) (prober, bool) {
	made := prober{(*p.http).DeepCopy(), (*p.tcp).DeepCopy(), (*p.grpc).DeepCopy(), p.timeout}
	var port *intstr.IntOrString
	switch {
	case made.HTTPGet != nil:
		port = &made.HTTPGet.Port
	case made.TCPSocket != nil:
		port = &made.TCPSocket.Port
	default:
		return made, made.GRPC != nil
	}
	if port.Type == intstr.Int {
		return made, !agent.has(port.IntVal)
	}
	named := func(candidate corev1.ContainerPort) bool { return candidate.Name == port.StrVal }
	i := slices.IndexFunc(c.Ports, named)
	if i < 0 {
		return made, false
	}
	*port = intstr.FromInt32(c.Ports[i].ContainerPort)
	return made, true
}

// tellAgent hands the probes over. Those of an earlier injection stay: the
// containers have forgotten them.
func (r *run) tellAgent(proxy *corev1.Container, probers map[string]prober) error {
	i := slices.IndexFunc(proxy.Env, func(e corev1.EnvVar) bool { return e.Name == probersEnv })
	if i >= 0 && r.before != nil {
		earlier := map[string]prober{}
		if err := json.Unmarshal([]byte(proxy.Env[i].Value), &earlier); err != nil {
			return fmt.Errorf("reading variable %s of the earlier injection: %w", probersEnv, err)
		}
		maps.Copy(probers, earlier)
	}
	text, err := json.Marshal(probers)
	if err != nil {
		return err
	}
	if i >= 0 && r.before != nil {
		proxy.Env[i].Value = string(text)
		return nil
	}
	proxy.Env = append(proxy.Env, corev1.EnvVar{Name: probersEnv, Value: string(text)})
	return nil
}
