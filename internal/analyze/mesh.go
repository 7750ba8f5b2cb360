package analyze

import (
	"iter"
	"slices"
	"strings"
	"time"

	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/object"
)

// Mesh is everything that checks look at: a snapshot that never changes, with
// typed access to each kind and indexes that are made when first asked for.
// All iteration is in a fixed order.
type Mesh struct {
	// Settings are what no object says.
	Settings Settings

	config     Of[meshapi.MeshConfig]
	networks   Of[meshapi.MeshNetworks]
	cluster    string
	kinds      map[Kind][]*Resource
	others     []*Resource
	duplicates []Duplicate
	known      knowledge
	unread     []error
	foreign    []object.Source
	comments   []comment
	indexes    indexes
}

// Settings are facts about a mesh that its objects do not tell.
type Settings struct {
	// IstioNamespace is where the control plane runs.
	IstioNamespace string
	// ClusterDomain is the suffix of the names of services.
	ClusterDomain string
	// Revision is the control plane revision whose configuration counts.
	Revision string
	// Now is the time at which certificates are to be valid. It is zero where
	// nobody knows; then they do not expire.
	Now time.Time
	// Cluster is what a cluster says of itself, nil where none was asked.
	Cluster *ClusterFacts
}

// Duplicate is an object that the input defines twice. The last one counts.
type Duplicate struct{ First, Last *Resource }

// Config is the mesh configuration with its defaults filled in.
func (m *Mesh) Config() Of[meshapi.MeshConfig] { return m.config }

// Networks are the mesh networks; Spec is empty if there are none.
func (m *Mesh) Networks() Of[meshapi.MeshNetworks] { return m.networks }

// RootNamespace is the namespace whose policies hold for the whole mesh.
func (m *Mesh) RootNamespace() string { return m.config.Spec.GetRootNamespace() }

// Resources are all objects of known kinds.
func (m *Mesh) Resources() iter.Seq[*Resource] {
	return func(yield func(*Resource) bool) {
		for _, shape := range shapes() {
			for _, resource := range m.kinds[shape.kind] {
				if !yield(resource) {
					return
				}
			}
		}
	}
}

// Of are the objects of one kind, whatever their type.
func (m *Mesh) Of(kind Kind) iter.Seq[*Resource] { return slices.Values(m.kinds[kind]) }

// Get finds an object by kind, namespace and name.
func (m *Mesh) Get(kind Kind, namespace, name string) (*Resource, bool) {
	return find(m.kinds[kind], namespace, name)
}

// Others are objects of kinds that no check knows.
func (m *Mesh) Others() iter.Seq[*Resource] { return slices.Values(m.others) }

// Documented are the objects in documents, of known kinds and others.
func (m *Mesh) Documented() iter.Seq[*Resource] {
	return func(yield func(*Resource) bool) {
		for resource := range m.Resources() {
			if !resource.Live() && !yield(resource) {
				return
			}
		}
		for _, resource := range m.others {
			if !resource.Live() && !yield(resource) {
				return
			}
		}
	}
}

// Duplicates are the objects that the input defines more than once.
func (m *Mesh) Duplicates() iter.Seq[Duplicate] { return slices.Values(m.duplicates) }

// Unread are the documents that could not be read, one *object.SyntaxError each,
// and what the input says was not.
func (m *Mesh) Unread() []error { return m.unread }

// Foreign are the documents that are no Kubernetes objects.
func (m *Mesh) Foreign() []object.Source { return m.foreign }

// ClusterName is that of the cluster that the mesh is about, empty if there is
// but one. Services and workloads of others may be there beside its own.
func (m *Mesh) ClusterName() string { return m.cluster }

// Len is the number of objects of known kinds.
func (m *Mesh) Len() int {
	total := 0
	for _, resources := range m.kinds {
		for _, r := range resources {
			if r.Cluster == m.cluster {
				total++
			}
		}
	}
	return total
}

// Table is all there is of one kind. Lists are ordered by namespace and name.
type Table[T any] struct{ resources []*Resource }

func table[T any](m *Mesh, kind Kind) Table[T] { return Table[T]{m.kinds[kind]} }

// All are the objects of the kind.
func (t Table[T]) All() iter.Seq[Of[T]] {
	return func(yield func(Of[T]) bool) {
		for _, resource := range t.resources {
			if !yield(typed[T](resource)) {
				return
			}
		}
	}
}

// In are the objects in a namespace.
func (t Table[T]) In(namespace string) iter.Seq[Of[T]] {
	return Table[T]{within(t.resources, namespace)}.All()
}

// Get finds an object by namespace and name.
func (t Table[T]) Get(namespace, name string) (Of[T], bool) {
	resource, ok := find(t.resources, namespace, name)
	if !ok {
		return Of[T]{}, false
	}
	return typed[T](resource), true
}

// Len is how many there are.
func (t Table[T]) Len() int { return len(t.resources) }

// As gives a resource the type that its kind has in the mesh's tables; ok is
// false if that is another one.
func As[T any](resource *Resource) (of Of[T], ok bool) {
	spec, ok := resource.body.(*T)
	return Of[T]{resource, spec}, ok
}

func typed[T any](resource *Resource) Of[T] {
	of, ok := As[T](resource)
	if !ok { // a body could not be read at all
		of = Of[T]{resource, new(T)}
	}
	return of
}

func find(resources []*Resource, namespace, name string) (*Resource, bool) {
	at, found := slices.BinarySearchFunc(resources, name, func(r *Resource, name string) int {
		if order := strings.Compare(r.Namespace, namespace); order != 0 {
			return order
		}
		return strings.Compare(r.Name, name)
	})
	if !found {
		return nil, false
	}
	return resources[at], true
}

func within(resources []*Resource, namespace string) []*Resource {
	first, _ := slices.BinarySearchFunc(resources, namespace, func(r *Resource, namespace string) int {
		return strings.Compare(r.Namespace, namespace)
	})
	last := first
	for last < len(resources) && resources[last].Namespace == namespace {
		last++
	}
	return resources[first:last]
}
