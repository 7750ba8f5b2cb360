package analyze

import (
	"github.com/meshctl/meshctl/internal/object"
)

// Cluster stands for a cluster as a whole: what it is, and what may be done
// there. It is no kind of object; checks that need it run where somebody asked.
const Cluster Kind = "Cluster"

// ClusterFacts is what a cluster says of itself, and no object in it does.
type ClusterFacts struct {
	// Name is how the user knows it.
	Name string
	// Kubernetes is its version: "v1.34.1".
	Kubernetes string
	// Oldest and Newest are the minor versions of Kubernetes that the mesh is
	// for: "1.32" and "1.36".
	Oldest, Newest string
	// Denied is what the user may not do of what an installation takes.
	Denied []object.Access
	// Mesh is the version of the mesh that is to come, and From the one there
	// is: "1.30.3" and "1.29". From is empty unless somebody says it.
	Mesh, From string
}

// Cluster is what was asked of the cluster, and the cluster to report it on; ok
// is false if nobody asked.
func (m *Mesh) Cluster() (facts *ClusterFacts, on *Resource, ok bool) {
	facts = m.Settings.Cluster
	if facts == nil {
		return nil, nil, false
	}
	return facts, &Resource{Kind: Cluster, Name: facts.Name}, true
}
