package profiles

import (
	"bytes"
	"strings"
)

// PackagePath is the directory with charts and profiles that the configuration
// itself asks for, and who does; "" if nobody does, or if the configuration
// cannot be read, which Resolve tells better.
func (c Config) PackagePath() (string, Origin) {
	const field = "installPackagePath"
	said := false
	for _, file := range c.Files {
		said = said || bytes.Contains(file.Data, []byte(field))
	}
	for _, set := range c.Flags {
		said = said || strings.HasPrefix(strings.TrimPrefix(set.Argument, "spec."), field+"=")
	}
	if !said {
		return "", Origin{}
	}
	asked, err := read(c)
	if err != nil {
		return "", Origin{}
	}
	spec := newMapping(Origin{})
	for _, operator := range asked.files {
		spec = merge(spec, operator.spec)
	}
	var dropped problems // Resolve tells them
	found := assignAll(spec, asked.sets, &dropped).at(field)
	if found == nil || found.kind != scalar {
		return "", Origin{}
	}
	return found.text, found.origin
}

// RefusePackagePath is the error for such a directory that lacks a part.
func RefusePackagePath(directory, lacks string, place Origin) error {
	return &InputError{Place: place, Path: "spec.installPackagePath", Problem: "there is no directory " + lacks + " in " + directory}
}
