package api

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

// kubeconfig is as much of the format as the lab writes.
type kubeconfig struct {
	Clusters []struct {
		Cluster struct {
			Server    string `json:"server"`
			Authority []byte `json:"certificate-authority-data"`
		} `json:"cluster"`
	} `json:"clusters"`
	Users []struct {
		User struct {
			Certificate []byte `json:"client-certificate-data"`
			Key         []byte `json:"client-key-data"`
		} `json:"user"`
	} `json:"users"`
}

// FromKubeconfig makes a client from a kubeconfig that a lab has written: one cluster, one user.
func FromKubeconfig(file string) (*Client, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading kubeconfig: %w", err)
	}
	var k kubeconfig
	if err := yaml.Unmarshal(content, &k); err != nil {
		return nil, fmt.Errorf("reading kubeconfig %s: %w", file, err)
	}
	if len(k.Clusters) != 1 || len(k.Users) != 1 || len(k.Users[0].User.Key) == 0 {
		return nil, fmt.Errorf("reading kubeconfig %s: it is not the kubeconfig of a lab", file)
	}
	cluster, user := k.Clusters[0].Cluster, k.Users[0].User
	return New(cluster.Server, cluster.Authority, user.Certificate, user.Key)
}
