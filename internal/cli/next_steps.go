package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// printNextSteps tells a newcomer how to go on from an installed mesh.
func printNextSteps(ctx context.Context, env *Env, result install.Result) {
	w := env.IO.Stderr()
	fmt.Fprintf(w, "\n%s\n", w.Theme.Heading.Render("Next steps"))
	words, label := joining(result.Mesh)
	fmt.Fprintf(w, "  %s:\n    kubectl label namespace NAME %s\n", words, label)
	if address := ingressAddress(ctx, env, result); address != "" {
		fmt.Fprintf(w, "  Reach the mesh from outside:\n    %s\n", address)
	}
	if names := dashboardsOf(result.Mesh); len(names) > 0 {
		fmt.Fprintf(w, "  See its traffic:\n    %s dashboard %s\n", env.program(), strings.Join(names, " "))
	}
	fmt.Fprintf(w, "  See how it is doing:\n    %s status%s\n", env.program(), whichMesh(result))
}

// dashboardsOf are those of a mesh that show its traffic.
func dashboardsOf(mesh *profiles.Mesh) []string {
	var names []string
	for _, component := range mesh.Components {
		switch component.Kind {
		case profiles.Grafana, profiles.Jaeger, profiles.Kiali, profiles.Zipkin:
			names = append(names, component.Chart)
		}
	}
	return names
}

// whichMesh are the flags by which other commands find a mesh that is not where they look first.
func whichMesh(result install.Result) string {
	flags := ""
	if result.Mesh.Revision != "" {
		flags += " --revision " + result.Mesh.Revision
	}
	if result.Namespace != defaultIstioNamespace {
		flags += " -i " + result.Namespace
	}
	return flags
}

// joining is how the pods of a namespace come into the mesh: in words, and by which label.
func joining(mesh *profiles.Mesh) (words, label string) {
	for _, component := range mesh.Components {
		if component.Kind == profiles.Ztunnel {
			return "Bring the pods of a namespace into the mesh; they need no restart", "istio.io/dataplane-mode=ambient"
		}
	}
	if mesh.Revision != "" {
		return "Give the pods of a namespace a sidecar, then restart them", "istio.io/rev=" + mesh.Revision
	}
	return "Give the pods of a namespace a sidecar, then restart them", "istio-injection=enabled"
}

// ingressAddress says where the ingress gateway is reached: its external
// address, or the node ports while there is none.
func ingressAddress(ctx context.Context, env *Env, result install.Result) string {
	cluster, err := env.Cluster()
	if err != nil {
		return ""
	}
	for _, component := range result.Mesh.Components {
		if component.Kind != profiles.IngressGateways {
			continue
		}
		endpoints, err := status.EndpointsOf(ctx, component.Namespace, component.Name, cluster)
		if err != nil || len(endpoints) == 0 {
			continue
		}
		return describeIngress(component.Name, endpoints)
	}
	return ""
}

func describeIngress(name string, endpoints []status.Endpoint) string {
	var external, nodePorts []string
	for _, endpoint := range endpoints {
		if endpoint.Name == "status-port" {
			continue
		}
		if endpoint.Address != "" {
			external = append(external, fmt.Sprintf("%s (%s)", endpoint.Address, endpoint.Name))
		}
		if endpoint.NodePort != 0 {
			nodePorts = append(nodePorts, fmt.Sprintf("%d (%s)", endpoint.NodePort, endpoint.Name))
		}
	}
	if len(external) > 0 {
		return fmt.Sprintf("%s: %s", name, strings.Join(external, ", "))
	}
	if len(nodePorts) > 0 {
		return fmt.Sprintf("%s has no external address yet; its ports on every node: %s", name, strings.Join(nodePorts, ", "))
	}
	return ""
}

// installView is what install answers with -o json|yaml.
type installView struct {
	Release   string   `json:"release"`
	Namespace string   `json:"namespace"`
	Revision  int      `json:"revision,omitempty"`
	Changed   bool     `json:"changed"`
	Plan      planView `json:"plan"`
}

func newInstallView(result install.Result) installView {
	return installView{
		Release:   result.Release,
		Namespace: result.Namespace,
		Revision:  result.Record.Revision,
		Changed:   result.Record.Revision > 0,
		Plan:      newPlanView(result.Proposal),
	}
}

// Kind names the view in JSON and YAML.
func (installView) Kind() string { return "InstallResult" }

// Text is not used: people read the story on stderr.
func (installView) Text(ui.Writer) error { return nil }
