// Package status says how an installed mesh is doing: its components, where
// they can be reached, and who uses them. It reads the release record and the
// cluster and changes nothing.
package status

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Cluster is what looking at a mesh asks of the API server.
type Cluster interface {
	Get(context.Context, object.Ref) (object.Object, bool, error)
	List(context.Context, schema.GroupKind, object.Query) ([]object.Object, error)
	// PodsOf lists the pods of a Deployment, DaemonSet or StatefulSet.
	PodsOf(context.Context, object.Object) ([]object.Object, error)
	Events(context.Context, object.Ref) ([]object.Event, error)
	// LastLines is the end of a container's log, of its previous run if it crashed.
	LastLines(ctx context.Context, namespace, pod, container string, lines int64) ([]string, error)
	Health(object.Object) object.Health
}

// Report is how one release of the mesh is doing.
type Report struct {
	Release    Release     `json:"release"`
	Components []Component `json:"components"`
	// Namespaces are those whose pods belong to the mesh of this release.
	Namespaces []Namespace `json:"namespaces"`
	// Healthy says that every component is.
	Healthy bool `json:"healthy"`
}

// Release is the newest record of the release.
type Release struct {
	Name        string    `json:"name"`
	Namespace   string    `json:"namespace"`
	Revision    int       `json:"revision"`
	Status      string    `json:"status"`
	Description string    `json:"description"`
	Changed     time.Time `json:"changed"`
	MeshVersion string    `json:"meshVersion"`
	ToolVersion string    `json:"meshctlVersion"`
}

// Component is one part of the mesh.
type Component struct {
	Title string `json:"name"`
	// Version is the tag of the workload's image.
	Version string             `json:"version,omitempty"`
	State   object.HealthState `json:"state"`
	// Ready and Desired count pods; both are 0 for what has no workload.
	Ready   int64 `json:"ready"`
	Desired int64 `json:"desired"`
	Objects int   `json:"objects"`
	// Missing are objects of the record that are gone from the cluster.
	Missing []object.Ref `json:"missing,omitempty"`
	// Problems say what is wrong, the most telling first.
	Problems  []string   `json:"problems,omitempty"`
	Endpoints []Endpoint `json:"endpoints,omitempty"`

	kind profiles.ComponentKind
}

// kindLabel says for which kind of component a chart made an object.
const kindLabel = "operator.istio.io/component"

// atOnce bounds the requests in flight.
const atOnce = 24

// Of looks at everything the record lists.
func Of(ctx context.Context, record release.Record, title func(object.Object) string, cluster Cluster) (Report, error) {
	live := make([]object.Object, len(record.Objects))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, recorded := range record.Objects {
		group.Go(func() error {
			found, exists, err := cluster.Get(groupCtx, recorded.Ref())
			if exists {
				live[i] = found
			}
			return err
		})
	}
	var namespaces []Namespace
	group.Go(func() error {
		usage, err := UsageOf(groupCtx, ServerOf(record), cluster)
		namespaces = usage.Namespaces
		return err
	})
	if err := group.Wait(); err != nil {
		return Report{}, err
	}
	report := Report{Release: summary(record), Namespaces: namespaces, Healthy: true}
	report.Components = components(ctx, record, live, title, cluster)
	for _, component := range report.Components {
		report.Healthy = report.Healthy && component.State == object.Healthy
	}
	return report, nil
}

func summary(record release.Record) Release {
	return Release{
		Name:        record.Name,
		Namespace:   record.Namespace,
		Revision:    record.Revision,
		Status:      string(record.Status),
		Description: record.Description,
		Changed:     record.Changed,
		MeshVersion: record.MeshVersion,
		ToolVersion: record.ToolVersion,
	}
}

func components(ctx context.Context, record release.Record, live []object.Object, title func(object.Object) string, cluster Cluster) []Component {
	var order []string
	byTitle := map[string]*Component{}
	for i, recorded := range record.Objects {
		name := title(recorded)
		component := byTitle[name]
		if component == nil {
			component = &Component{Title: name, State: object.Healthy}
			byTitle[name] = component
			order = append(order, name)
		}
		component.Objects++
		if kind := recorded.GetLabels()[kindLabel]; kind != "" {
			component.kind = profiles.ComponentKind(kind)
		}
		if live[i].Object == nil {
			component.State = object.NotFound
			component.Missing = append(component.Missing, recorded.Ref())
			component.Problems = append(component.Problems, recorded.Ref().String()+" is gone")
			continue
		}
		component.add(ctx, live[i], cluster)
	}
	list := make([]Component, len(order))
	for i, name := range order {
		list[i] = *byTitle[name]
	}
	slices.SortStableFunc(list, func(a, b Component) int { return rank(a.kind) - rank(b.kind) })
	return list
}

// rank orders components as an install does; what names none is part of the base.
func rank(kind profiles.ComponentKind) int { return slices.Index(profiles.Kinds(), kind) }

// add takes one live object into account.
func (c *Component) add(ctx context.Context, o object.Object, cluster Cluster) {
	switch o.GetKind() {
	case "Deployment", "StatefulSet":
		c.Ready += nestedInt(o, "status", "readyReplicas")
		c.Desired += nestedInt(o, "spec", "replicas")
		c.Version = imageTag(o)
	case "DaemonSet":
		c.Ready += nestedInt(o, "status", "numberReady")
		c.Desired += nestedInt(o, "status", "desiredNumberScheduled")
		c.Version = imageTag(o)
	case "Service":
		c.Endpoints = append(c.Endpoints, endpointsOf(o)...)
		return // a Service without an address is not a fault of the mesh
	case "CustomResourceDefinition":
	default:
		return
	}
	health := cluster.Health(o)
	if health.State == object.Healthy {
		return
	}
	if c.State != object.NotFound {
		c.State = health.State
	}
	causes := Causes(ctx, cluster, o.Ref())
	if len(causes) == 0 {
		causes = []string{o.Ref().String() + ": " + health.Message}
	}
	c.Problems = append(c.Problems, causes...)
}

func nestedInt(o object.Object, path ...string) int64 {
	n, _, _ := unstructured.NestedInt64(o.Object, path...)
	return n
}

// imageTag is the tag of the workload's first container.
func imageTag(workload object.Object) string {
	containers, _, _ := unstructured.NestedSlice(workload.Object, "spec", "template", "spec", "containers")
	if len(containers) == 0 {
		return ""
	}
	container, _ := containers[0].(map[string]any)
	image, _ := container["image"].(string)
	image, _, _ = strings.Cut(image, "@")
	if colon := strings.LastIndex(image, ":"); colon > strings.LastIndex(image, "/") {
		return image[colon+1:]
	}
	return ""
}

func nestedConditions(o object.Object) ([]map[string]any, bool, error) {
	list, found, err := unstructured.NestedSlice(o.Object, "status", "conditions")
	var conditions []map[string]any
	for _, entry := range list {
		if condition, ok := entry.(map[string]any); ok {
			conditions = append(conditions, condition)
		}
	}
	return conditions, found, err
}

// sortedByName orders namespaces for a stable listing.
func sortedByName(namespaces []Namespace) []Namespace {
	slices.SortFunc(namespaces, func(a, b Namespace) int { return strings.Compare(a.Name, b.Name) })
	return namespaces
}
