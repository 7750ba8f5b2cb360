package profiles

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// request is a Config whose parts are read, but not yet checked.
type request struct {
	order []File
	files []operator
	sets  []assignment
}

func read(config Config) (request, error) {
	asked := request{order: config.Files}
	var errs []error
	for _, file := range config.Files {
		found, err := readFile(file)
		errs = append(errs, err)
		asked.files = append(asked.files, found)
	}
	settings := func(last bool) {
		for _, setting := range config.Settings {
			if setting.Last == last {
				set, err := setting.assignment()
				errs = append(errs, err)
				asked.sets = append(asked.sets, set)
			}
		}
	}
	settings(false)
	for _, argument := range config.Sets {
		set, err := parseSet(argument, len(asked.sets)+1)
		errs = append(errs, err)
		asked.sets = append(asked.sets, set)
	}
	for _, argument := range config.Flags {
		set, err := argument.parse(len(asked.sets) + 1)
		errs = append(errs, err)
		asked.sets = append(asked.sets, set)
	}
	settings(true)
	if config.Profile != "" {
		asked.sets = append(asked.sets, flagSet("profile", config.Profile, len(asked.sets)+1))
	}
	if config.Revision != "" && config.Revision != defaultRevision {
		asked.sets = append(asked.sets, flagSet("revision", config.Revision, len(asked.sets)+1))
	}
	var found problems
	for _, err := range errs {
		found.found = append(found.found, Problems(err)...)
	}
	return asked, cmp.Or(found.err(asked.order), errors.Join(errs...))
}

// flagSet is the assignment that a flag of its own stands for.
func flagSet(field, value string, nth int) assignment {
	place := Origin{Kind: FromSet, Name: "--" + field + " " + value, Line: nth}
	return assignment{path: []segment{{text: field, name: field}}, value: newScalar(value, place), place: place}
}

// profile is the name of the profile asked for, and by whom.
func (r request) profile() (string, Origin) {
	for _, set := range slices.Backward(r.sets) {
		if len(set.path) == 1 && set.path[0].name == "profile" && set.value.text != "" {
			return set.value.text, set.place
		}
	}
	for _, file := range slices.Backward(r.files) {
		if name := file.spec.str("profile"); name != "" {
			return name, file.spec.at("profile").origin
		}
	}
	return defaultProfile, Origin{}
}

// ignored warns of namespaces that look as if they said where the mesh goes,
// but never did in any Istio, or say so of istiod alone.
func (r request) ignored(spec *node) []string {
	var warnings []string
	warn := func(field string, at *node) {
		if at != nil && at.text != istioNamespace(spec) {
			warnings = append(warnings, fmt.Sprintf("%s: %s has no effect; to install into another namespace than %s set spec.values.global.istioNamespace",
				at.origin.place(), field, istioNamespace(spec)))
		}
	}
	for _, file := range r.files {
		warn("metadata.namespace", file.metadata.at("namespace"))
	}
	warn("spec.namespace", spec.at("namespace"))
	if own := spec.at("components", "pilot", "namespace"); own != nil && own.text != istioNamespace(spec) {
		warnings = append(warnings, fmt.Sprintf("%s: gateways, ztunnel and the validation of configuration without a revision look for istiod in %s, not in %s; set spec.values.global.istioNamespace to move all of it",
			own.origin.place(), istioNamespace(spec), own.text))
	}
	return warnings
}

// overruled warns of shortcuts that the user set, and that have no effect
// because the user also set what they are short for.
func overruled(spec *node) []string {
	var warnings []string
	for shortcut, path := range map[string][]string{
		"hub": {"values", "global", "hub"}, "tag": {"values", "global", "tag"}, "revision": {"values", "revision"},
	} {
		short, long := spec.at(shortcut), spec.at(path...)
		if short != nil && long != nil && short.origin.User() && long.origin.User() && short.text != long.text {
			warnings = append(warnings, fmt.Sprintf("%s: spec.%s has no effect; spec.%s is stronger (%s)",
				short.origin.place(), shortcut, pathText(path), long.origin.place()))
		}
	}
	slices.Sort(warnings)
	return warnings
}
