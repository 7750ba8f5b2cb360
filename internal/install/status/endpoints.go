package status

import (
	"context"
	"fmt"
	"net"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/meshctl/meshctl/internal/object"
)

// Endpoint is where one port of a Service can be reached.
type Endpoint struct {
	Service string `json:"service"`
	// Name and Port are the Service port's.
	Name string `json:"name,omitempty"`
	Port int32  `json:"port"`
	// Type is the Service's: LoadBalancer, NodePort or ClusterIP.
	Type string `json:"type"`
	// Address is host and port outside the cluster, or inside it for a
	// ClusterIP; empty while a load balancer is pending.
	Address string `json:"address,omitempty"`
	// NodePort works on every node's address, also where no load balancer is; 0 is none.
	NodePort int32 `json:"nodePort,omitempty"`
}

// EndpointsOf lists the ports of a Service; none when it does not exist.
func EndpointsOf(ctx context.Context, namespace, service string, cluster Cluster) ([]Endpoint, error) {
	live, found, err := cluster.Get(ctx, object.Ref{Kind: "Service", Namespace: namespace, Name: service})
	if err != nil || !found {
		return nil, err
	}
	return endpointsOf(live), nil
}

func endpointsOf(o object.Object) []Endpoint {
	var service corev1.Service
	if runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &service) != nil {
		return nil
	}
	host := ""
	switch service.Spec.Type {
	case corev1.ServiceTypeLoadBalancer:
		host = loadBalancerHost(service)
	case corev1.ServiceTypeNodePort:
	default:
		host = fmt.Sprintf("%s.%s.svc", service.Name, service.Namespace)
	}
	endpoints := make([]Endpoint, len(service.Spec.Ports))
	for i, port := range service.Spec.Ports {
		endpoints[i] = Endpoint{
			Service:  service.Name,
			Name:     port.Name,
			Port:     port.Port,
			Type:     string(service.Spec.Type),
			NodePort: port.NodePort,
		}
		if host != "" {
			endpoints[i].Address = net.JoinHostPort(host, strconv.Itoa(int(port.Port)))
		}
	}
	return endpoints
}

func loadBalancerHost(service corev1.Service) string {
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		if ingress.IP != "" {
			return ingress.IP
		}
		if ingress.Hostname != "" {
			return ingress.Hostname
		}
	}
	return ""
}
