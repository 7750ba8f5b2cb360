package controlplane

import (
	"context"
	"fmt"
	"net/http"

	"github.com/meshctl/meshctl/e2e/lab/internal/api"
)

// Version is the Kubernetes that the lab runs; it has to agree with go.mod.
const Version = "v1.36.3"

const zones = "abc"

type object = map[string]any

// node describes a machine of a size that people really rent. kwok adds the conditions that make it Ready.
func node(index, kubeletPort int) object {
	name := fmt.Sprintf("lab-%d", index+1)
	size := object{"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "100Gi"}
	return object{
		"apiVersion": "v1",
		"kind":       "Node",
		"metadata": object{
			"name": name,
			"labels": object{
				"kubernetes.io/hostname":           name,
				"kubernetes.io/os":                 "linux",
				"kubernetes.io/arch":               "amd64",
				"node.kubernetes.io/instance-type": "lab.8x32",
				"topology.kubernetes.io/region":    "lab",
				"topology.kubernetes.io/zone":      fmt.Sprintf("lab-%c", zones[index%len(zones)]),
			},
		},
		"spec": object{"podCIDR": podRange(index), "podCIDRs": []string{podRange(index)}},
		"status": object{
			"capacity":    size,
			"allocatable": size,
			// The API server dials this address for port-forwards and logs: kwok answers there.
			"addresses": []object{
				{"type": "InternalIP", "address": loopback},
				{"type": "Hostname", "address": name},
			},
			"daemonEndpoints": object{"kubeletEndpoint": object{"Port": kubeletPort}},
			"nodeInfo": object{
				"architecture": "amd64", "operatingSystem": "linux", "osImage": "Meshctl Lab Linux",
				"kernelVersion": "6.12.0-lab", "containerRuntimeVersion": "containerd://2.1.4",
				"kubeletVersion": Version, "kubeProxyVersion": Version,
				"machineID": name, "systemUUID": name, "bootID": name,
			},
		},
	}
}

func podRange(index int) string { return fmt.Sprintf("10.244.%d.0/24", index) }

func createNodes(ctx context.Context, client *api.Client, count, kubeletPort int) error {
	for index := range count {
		err := client.Create(ctx, "/api/v1/nodes", node(index, kubeletPort))
		if err != nil && !api.Is(err, http.StatusConflict) {
			return fmt.Errorf("creating node: %w", err)
		}
	}
	return nil
}

// nodeList is what readiness needs to know of the nodes.
type nodeList struct {
	Items []struct {
		Metadata struct {
			Name string `json:"name"`
		} `json:"metadata"`
		Spec struct {
			Taints []struct {
				Key string `json:"key"`
			} `json:"taints"`
		} `json:"spec"`
		Status struct {
			Conditions []struct{ Type, Status string } `json:"conditions"`
		} `json:"status"`
	} `json:"items"`
}

// checkNodes wants every node Ready, and free of the taint that new nodes carry: before that nothing is
// scheduled on them.
func checkNodes(ctx context.Context, client *api.Client, count int) error {
	var nodes nodeList
	if err := client.Get(ctx, "/api/v1/nodes", &nodes); err != nil {
		return err
	}
	if len(nodes.Items) < count {
		return fmt.Errorf("%d of %d nodes exist", len(nodes.Items), count)
	}
	for _, n := range nodes.Items {
		ready := false
		for _, c := range n.Status.Conditions {
			ready = ready || c.Type == "Ready" && c.Status == "True"
		}
		if !ready {
			return fmt.Errorf("node %s is not Ready", n.Metadata.Name)
		}
		if len(n.Spec.Taints) > 0 {
			return fmt.Errorf("node %s still has the taint %s", n.Metadata.Name, n.Spec.Taints[0].Key)
		}
	}
	return nil
}
