package profiles

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// isPath reports whether the name of a profile is the path of a file. Built-in
// profiles have neither slashes nor endings.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// base names the built-in profile that everything starts from. A profile in a
// file is, once it is read, a file like any other, weaker than those the user
// named; it says for itself what it starts from.
func (r *request) base(read func(string) ([]byte, error)) (*node, error) {
	name, place := r.profile()
	var chain []string
	for isPath(name) {
		if place.Kind == FromFile && place.Name != "-" && !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(place.Name), name) // as seen from that file
		}
		if slices.Contains(chain, name) {
			return nil, refusedProfile(place, name, "starts from itself: "+strings.Join(append(chain, name), ", "))
		}
		chain = append(chain, name)
		found, err := readProfileOfUser(name, place, read)
		if err != nil {
			return nil, err
		}
		r.files = slices.Insert(r.files, 0, found)
		name, place = defaultProfile, Origin{}
		if next := found.spec.at("profile"); next != nil && next.text != "" {
			name, place = next.text, next.origin
		}
	}
	if place.Kind == FromNowhere {
		place = Origin{Kind: FromProfile, Name: name}
	}
	return newScalar(name, place), nil
}

func readProfileOfUser(name string, place Origin, read func(string) ([]byte, error)) (operator, error) {
	if read == nil {
		return operator{}, refusedProfile(place, name, "is a file, and no files are read here")
	}
	data, err := read(name)
	if err != nil {
		return operator{}, fmt.Errorf("profile %s: %w", name, err)
	}
	found, err := readFile(File{Name: name, Data: data})
	if err == nil && found.spec == nil {
		found.spec = newMapping(Origin{Kind: FromFile, Name: name})
	}
	return found, err
}

func refusedProfile(place Origin, name, why string) error {
	return &InputError{Place: place, Path: "spec.profile", Problem: fmt.Sprintf("the profile %s %s", name, why), Hint: "'meshctl profile list' names the built-in ones"}
}
