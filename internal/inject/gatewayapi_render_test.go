package inject

import (
	"bytes"
	"fmt"
	"strings"

	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
)

// gatewayContext is what a template for Gateway API workloads sees: the names
// are those that istiod has. meshctl itself never runs these templates, so this
// stands in for istiod and belongs to the tests.
type gatewayContext struct {
	*gateway.Gateway
	GatewayClass              string
	DeploymentName            string
	ServiceAccount            string
	Ports                     []corev1.ServicePort
	ServiceType               corev1.ServiceType
	ClusterID                 string
	KubeVersion               int
	Revision                  string
	NativeSidecars            bool
	ProxyUID, ProxyGID        int64
	CompliancePolicy          string
	InfrastructureLabels      map[string]string
	InfrastructureAnnotations map[string]string
	GatewayNameLabel          string
	IsEastWestGateway         bool
	ControllerLabel           string
	ProxyImage                string
	AgentgatewayImage         string
	ProxyConfig               *meshconfig.ProxyConfig
	MeshConfig                *meshconfig.MeshConfig
	Values                    map[string]any
}

// gatewayClass is what istiod knows about the Gateways of a class.
type gatewayClass struct {
	template, controller string
	service              corev1.ServiceType
	// suffixed names have the class behind them.
	suffixed bool
}

func gatewayClassOf(name string) gatewayClass {
	return map[string]gatewayClass{
		"istio":              {"kube-gateway", "istio.io-gateway-controller", corev1.ServiceTypeLoadBalancer, true},
		"istio-waypoint":     {"waypoint", "istio.io-mesh-controller", corev1.ServiceTypeClusterIP, false},
		"istio-east-west":    {"waypoint", "istio.io-eastwest-controller", corev1.ServiceTypeLoadBalancer, false},
		"istio-agentgateway": {"agentgateway", "istio.io-agentgateway-controller", corev1.ServiceTypeLoadBalancer, false},
	}[name]
}

// Gateway is what the template of its class makes of a Gateway.
func (in *Injector) Gateway(g *gateway.Gateway) ([]byte, error) {
	template := gatewayClassOf(string(g.Spec.GatewayClassName)).template
	parsed, ok := in.templates[template]
	if !ok {
		return nil, fmt.Errorf("class %q: no template %q", g.Spec.GatewayClassName, template)
	}
	context, err := in.gatewayContext(g)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, context)
	return text.Bytes(), err
}

func (in *Injector) gatewayContext(g *gateway.Gateway) (*gatewayContext, error) {
	proxy, err := in.proxyConfig(&corev1.Pod{ObjectMeta: g.ObjectMeta})
	if err != nil {
		return nil, err
	}
	name, class := string(g.Spec.GatewayClassName), gatewayClassOf(string(g.Spec.GatewayClassName))
	context := &gatewayContext{
		Gateway: g, GatewayClass: name, ControllerLabel: class.controller, IsEastWestGateway: name == "istio-east-west",
		DeploymentName: g.Name, Ports: gatewayPorts(g.Spec.Listeners), ServiceType: class.service,
		ClusterID: "Kubernetes", KubeVersion: 136, Revision: in.revision(), NativeSidecars: in.Native,
		ProxyUID: proxyID, ProxyGID: proxyID, CompliancePolicy: in.Compliance,
		GatewayNameLabel: "gateway.networking.k8s.io/gateway-name",
		ProxyImage:       in.values.proxyImage(proxy, g.Annotations), AgentgatewayImage: "example.com/agentgateway:built-in",
		ProxyConfig: proxy, MeshConfig: in.Mesh, Values: in.Values,
	}
	if class.suffixed {
		context.DeploymentName += "-" + name
	}
	if own, ok := g.Annotations["gateway.istio.io/name-override"]; ok {
		context.DeploymentName = own
	}
	context.ServiceAccount = context.DeploymentName
	if own, ok := g.Annotations["gateway.istio.io/service-account"]; ok {
		context.ServiceAccount = own
	}
	if own, ok := g.Annotations["networking.istio.io/service-type"]; ok {
		context.ServiceType = corev1.ServiceType(own)
	}
	context.InfrastructureLabels, context.InfrastructureAnnotations = infrastructure(g)
	return context, nil
}

// infrastructure are the labels and annotations that a Gateway hands on: those
// it has for that purpose, or else its own.
func infrastructure(g *gateway.Gateway) (labels, annotations map[string]string) {
	if g.Spec.Infrastructure == nil {
		return g.Labels, g.Annotations
	}
	labels, annotations = map[string]string{}, map[string]string{}
	for key, value := range g.Spec.Infrastructure.Labels {
		labels[string(key)] = string(value)
	}
	for key, value := range g.Spec.Infrastructure.Annotations {
		annotations[string(key)] = string(value)
	}
	return labels, annotations
}

// gatewayPorts are the port for health checks and one for each port listened on.
func gatewayPorts(listeners []gateway.Listener) []corev1.ServicePort {
	tcp := "tcp"
	ports := []corev1.ServicePort{{Name: "status-port", Port: 15021, Protocol: corev1.ProtocolTCP, AppProtocol: &tcp}}
	seen := map[gateway.PortNumber]bool{}
	for _, listener := range listeners {
		if seen[listener.Port] {
			continue
		}
		seen[listener.Port] = true
		protocol := strings.ToLower(string(listener.Protocol))
		ports = append(ports, corev1.ServicePort{
			Name: string(listener.Name), Port: listener.Port, Protocol: corev1.ProtocolTCP, AppProtocol: &protocol,
		})
	}
	return ports
}
