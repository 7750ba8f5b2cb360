package install

import (
	"context"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
)

// Sample is an application, or an example of configuration, that is put into a
// namespace and recorded there like a mesh.
type Sample struct {
	Name      string
	Namespace string
	// Objects include the namespace itself.
	Objects []object.Object
}

// sampleRelease is the name of a sample's release record.
func sampleRelease(name string) string { return "sample-" + name }

// RunSample installs a sample or brings it up to date.
func RunSample(ctx context.Context, sample Sample, deps Deps, options Options) (Result, error) {
	return put(ctx, content{
		release: sampleRelease(sample.Name), namespace: sample.Namespace, sample: sample.Name, version: deps.ToolVersion,
		manifest: render.Manifest{Components: []render.Component{{Title: "Sample " + sample.Name, Objects: sample.Objects}}},
	}, deps, options)
}
