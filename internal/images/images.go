// Package images knows the container images of a mesh: it finds them in what is
// rendered, those that injection will ask for included, gives them names in
// another registry, and copies them between registries and archives.
package images

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/object"
)

// Image is an image and who needs it.
type Image struct {
	Ref      string   `json:"image"`
	NeededBy []string `json:"neededBy"`
}

// Unknown is an image that is decided somewhere else.
type Unknown struct {
	NeededBy string `json:"neededBy"`
	Why      string `json:"why"`
}

// List is all images of a mesh, sorted by name.
type List struct {
	Images  []Image   `json:"images"`
	Unknown []Unknown `json:"unknown,omitempty"`
}

// Refs lists the names alone.
func (l List) Refs() []string {
	refs := make([]string, len(l.Images))
	for i, image := range l.Images {
		refs[i] = image.Ref
	}
	return refs
}

// Of finds the images in rendered objects: of all workloads, and of what
// injection and the gateway controller make from the templates among them.
func Of(objects []object.Object) (List, error) {
	finder := finder{needs: map[string][]string{}}
	for _, o := range objects {
		if spec, ok := podSpec(o); ok {
			finder.workload(o, spec)
		}
	}
	if err := finder.injected(objects); err != nil {
		return List{}, err
	}
	list := List{Images: []Image{}, Unknown: finder.unknown}
	for ref, by := range finder.needs {
		slices.Sort(by)
		list.Images = append(list.Images, Image{Ref: ref, NeededBy: slices.Compact(by)})
	}
	slices.SortFunc(list.Images, func(a, b Image) int { return cmp.Compare(a.Ref, b.Ref) })
	return list, nil
}

type finder struct {
	needs   map[string][]string
	unknown []Unknown
}

// auto is what pods name that leave their image to injection.
const auto = "auto"

func (f *finder) add(ref, by string) {
	if ref != "" && ref != auto {
		f.needs[ref] = append(f.needs[ref], by)
	}
}

// podSpec is the description of the pods that a workload makes.
func podSpec(o object.Object) (map[string]any, bool) {
	path := []string{"spec", "template", "spec"}
	switch o.GetKind() {
	case "Pod":
		path = []string{"spec"}
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template", "spec"}
	case "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job":
	default:
		return nil, false
	}
	spec, found, err := unstructured.NestedMap(o.Object, path...)
	return spec, found && err == nil
}

func (f *finder) workload(o object.Object, spec map[string]any) {
	for _, list := range []string{"initContainers", "containers"} {
		containers, _ := spec[list].([]any)
		for _, one := range containers {
			container, _ := one.(map[string]any)
			image, _ := container["image"].(string)
			f.add(image, o.Ref().String())
		}
	}
}

// Relocate is the name of an image in another registry: the last part of its
// repository, and its tag or digest.
func Relocate(ref, registry string) string {
	base := ref[strings.LastIndex(ref, "/")+1:]
	return strings.TrimSuffix(registry, "/") + "/" + base
}

// Targets are the names of images in another registry. It is an error if two
// would get the same.
func Targets(refs []string, registry string) (map[string]string, error) {
	targets, taken := map[string]string{}, map[string]string{}
	for _, ref := range refs {
		target := Relocate(ref, registry)
		if other, ok := taken[target]; ok && other != ref {
			return nil, fmt.Errorf("%s and %s would both be %s", other, ref, target)
		}
		taken[target], targets[ref] = ref, target
	}
	return targets, nil
}
