package cli

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/images"
	"github.com/meshctl/meshctl/internal/profiles"
)

// registryName is host[:port][/path...], as images begin.
var registryName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9.-]*(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*/?$`)

func checkRegistry(what, registry string) error {
	if strings.Contains(registry, "://") {
		return usageErrorf("%s %s: a registry is given without a scheme, as host/path", what, registry)
	}
	if !registryName.MatchString(registry) {
		return usageErrorf("%s %s: expected host/path, in lower case and without a tag", what, registry)
	}
	return nil
}

// fromRegistry is a configuration whose images all come from one registry.
// Settings do it, so that injection follows.
func fromRegistry(config profiles.Config, assets fs.FS, registry string) (profiles.Config, error) {
	if err := checkRegistry("--image-registry", registry); err != nil {
		return config, err
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return config, err
	}
	for _, change := range relocations(mesh, strings.TrimSuffix(registry, "/")) {
		change.Flag, change.Last = "--image-registry "+registry, true
		config.Settings = append(slices.Clip(config.Settings), change)
	}
	if mesh, err = profiles.Resolve(config, assets); err != nil {
		return config, err
	}
	list, err := imagesOf(mesh, assets)
	if err != nil {
		return config, err
	}
	return config, allFrom(list, registry)
}

// allFrom makes sure that no image comes from anywhere else.
func allFrom(list images.List, registry string) error {
	for _, image := range list.Images {
		if !strings.HasPrefix(image.Ref, strings.TrimSuffix(registry, "/")+"/") {
			return usageErrorf("--image-registry %s: %s has the image %s, which no setting decides; name it in full where it is written",
				registry, image.NeededBy[0], image.Ref)
		}
	}
	for _, unknown := range list.Unknown {
		return usageErrorf("--image-registry %s: an image of %s cannot be foreseen: %s", registry, unknown.NeededBy, unknown.Why)
	}
	return nil
}

// warnStrays tells of images that other people's charts take from elsewhere in
// spite of the settings.
func (f *placeFlags) warnStrays(env *Env, config profiles.Config, assets fs.FS) error {
	if f.imageRegistry == "" {
		return nil
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return err
	}
	list, err := imagesOf(mesh, assets)
	if err != nil {
		return err
	}
	for _, image := range list.Images {
		if !strings.HasPrefix(image.Ref, strings.TrimSuffix(f.imageRegistry, "/")+"/") {
			env.warn(fmt.Sprintf("--image-registry %s: these charts have the image %s of %s from elsewhere", f.imageRegistry, image.Ref, image.NeededBy[0]))
		}
	}
	return nil
}

// relocations are the settings that name another registry, for everything that
// names one now.
func relocations(mesh *profiles.Mesh, registry string) []profiles.Setting {
	changes := []profiles.Setting{
		{Path: []string{"values", "global", "hub"}, Value: registry},
		// Unset, its template falls back to an image of a public registry.
		{Path: []string{"values", "global", bootstrapKey}, Value: images.Relocate(bootstrapImage(mesh), registry)},
	}
	leaves := mesh.Leaves()
	for _, leaf := range leaves {
		if !unused(mesh, leaf.Steps) {
			changes = append(changes, relocation(leaf, leaves, registry)...)
		}
	}
	return changes
}

const bootstrapKey = "grpcBootstrapImage"

func bootstrapImage(mesh *profiles.Mesh) string {
	const fallback = "busybox:1.28"
	if named, _ := child(mesh.Values, "global")[bootstrapKey].(string); named != "" {
		return named
	}
	return fallback
}

// relocation is what becomes of one value, if it is about an image.
func relocation(leaf profiles.Leaf, leaves []profiles.Leaf, registry string) []profiles.Setting {
	text, isText := leaf.Value.(string)
	if !isText || text == "" || len(leaf.Steps) < 2 {
		return nil
	}
	last := len(leaf.Steps) - 1
	parent, name := leaf.Steps[:last], leaf.Steps[last]
	full := strings.ContainsAny(text, "/:")
	switch {
	case name == "hub":
		return []profiles.Setting{{Path: leaf.Steps, Value: registry}}
	case name == "image" && full, name == "value" && full && patchesImage(parent, leaves):
		return []profiles.Setting{{Path: leaf.Steps, Value: images.Relocate(text, registry)}}
	case name == "repository":
		return []profiles.Setting{
			{Path: append(slices.Clone(parent), "registry"), Value: registry},
			{Path: leaf.Steps, Value: images.Relocate(text, "")[1:]},
		}
	}
	return nil
}

// patchesImage reports whether the patch of an overlay is about an image.
func patchesImage(patch []string, leaves []profiles.Leaf) bool {
	for _, leaf := range leaves {
		if slices.Equal(leaf.Steps, append(slices.Clone(patch), "path")) {
			return strings.HasSuffix(fmt.Sprint(leaf.Value), ".image")
		}
	}
	return false
}

// unused reports whether a setting is of a component that is off, and need not
// be changed.
func unused(mesh *profiles.Mesh, steps []string) bool {
	if len(steps) < 2 || steps[0] != "values" {
		return false
	}
	switch steps[1] {
	case "global", "pilot", "gateways":
		return false
	}
	return !slices.ContainsFunc(mesh.Components, func(c profiles.Component) bool { return strings.EqualFold(string(c.Kind), steps[1]) })
}
