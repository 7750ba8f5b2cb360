package profiles

import (
	"errors"
	"io/fs"
)

// overlaid is spec.values with the overlays it names below what profiles,
// files and flags say.
func overlaid(spec *node, assets fs.FS) (*node, error) {
	values := newMapping(Origin{})
	var errs []error
	for _, overlay := range overlays(spec) {
		chosen, err := overlay.read(assets)
		errs = append(errs, err)
		values = merge(values, chosen)
	}
	return merge(values, spec.at("values")), errors.Join(errs...)
}

// overlays lists the overlays that a spec may name, weakest first.
func overlays(spec *node) []overlay {
	first := func(what, folder string, paths ...[]string) overlay {
		for _, path := range paths {
			if choice := spec.at(path...); choice != nil && choice.text != "" {
				return overlay{what: what, folder: folder, choice: choice, path: path}
			}
		}
		return overlay{}
	}
	compatibility := [][]string{{"compatibilityVersion"}, {"values", "compatibilityVersion"}}
	if own := spec.at(compatibility[1]...); own != nil && own.origin.User() {
		compatibility = compatibility[1:]
	}
	return []overlay{
		first("values profile", overlayDir, []string{"values", "profile"}, []string{"values", "global", "profile"}),
		first("compatibility version", compatibilityDir, compatibility...),
		first("platform", platformDir, []string{"values", "platform"}, []string{"values", "global", "platform"}),
	}
}

// translate carries the shortcuts of a spec into its values. They beat every
// layer but what the user wrote under spec.values itself.
func translate(spec *node) *node {
	values := spec.at("values")
	derive := func(leaf *node, from string, to ...string) {
		if leaf == nil || leaf.text == "" || values.saidByUser(to...) {
			return
		}
		derived := *leaf
		derived.origin = Origin{Kind: FromDerived, Name: from}
		values = values.with(&derived, to...)
	}
	derive(spec.at("hub"), "spec.hub", "global", "hub")
	derive(spec.at("tag"), "spec.tag", "global", "tag")
	derive(spec.at("compatibilityVersion"), "spec.compatibilityVersion", "compatibilityVersion")
	derive(spec.at("revision"), "spec.revision", "revision")
	derive(newBool(isOn(spec, "cni"), Origin{}), "spec.components.cni", "pilot", "cni", "enabled")
	if values.str("revision") == defaultRevision {
		values = values.with(newScalar("", values.at("revision").origin), "revision")
	}
	if config := spec.at("meshConfig"); config != nil {
		values = values.with(mergeUnlessUser(values.at("meshConfig"), config), "meshConfig")
	}
	return spec.with(values, "values")
}

// saidByUser reports whether the user set, or removed by null, what is at a
// path.
func (n *node) saidByUser(path ...string) bool {
	for _, name := range path {
		if n == nil || n.kind != mapping {
			return false
		}
		n = n.fields[name]
	}
	return n != nil && n.origin.User()
}

func istioNamespace(spec *node) string {
	return either(spec.str("values", "global", "istioNamespace"), defaultNamespace)
}
