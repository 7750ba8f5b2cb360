package load

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// Place is where a change may have files read differently: everything in a
// folder, or one name in it.
type Place struct {
	Folder string
	// Name is empty for everything.
	Name string
}

// PlacesOf are the places of a file: its folder, for editors put another file in
// its place; and where it really is, if it is a link.
func PlacesOf(file string) []Place {
	full, err := filepath.Abs(file)
	if err != nil {
		full = file
	}
	target, err := filepath.EvalSymlinks(full)
	if err != nil || target == full {
		return []Place{{Folder: filepath.Dir(full), Name: filepath.Base(full)}}
	}
	// Any link on the way may come to lead elsewhere, as in mounted ConfigMaps.
	return []Place{{Folder: filepath.Dir(full)}, {Folder: filepath.Dir(target)}}
}

func (r *fileReader) place(places ...Place) { r.files.Places = append(r.files.Places, places...) }

// folders adds a folder and all below it.
func (r *fileReader) folders(top string) {
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			r.place(Place{Folder: path})
		}
		return nil // what cannot be looked into is not watched
	})
}

// patternPlaces are where files may come to match a pattern.
func (r *fileReader) patternPlaces(pattern string) {
	for wild := true; wild; {
		pattern = filepath.Dir(pattern)
		wild = strings.ContainsAny(pattern, "*?[")
		folders, err := filepath.Glob(pattern)
		if err != nil {
			return
		}
		for _, folder := range folders {
			r.place(Place{Folder: folder})
		}
	}
}

// kustomizationPlaces are those of a kustomization and of what it names, such as
// its bases. seen keeps bases that name each other from going on for ever.
func (r *fileReader) kustomizationPlaces(folder string, seen []string) {
	folder = filepath.Clean(folder)
	if slices.Contains(seen, folder) {
		return
	}
	seen = append(seen, folder)
	r.place(Place{Folder: folder})
	file, ok := kustomizationOf(folder)
	if !ok {
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return
	}
	root, err := object.Parse(text)
	if err != nil {
		return
	}
	for i := range root.Children {
		for _, name := range textsIn(&root.Children[i]) {
			named := filepath.Join(folder, name)
			info, err := os.Stat(named)
			switch {
			case err != nil: // it is no name of a file
			case info.IsDir():
				r.kustomizationPlaces(named, seen)
			default:
				r.place(PlacesOf(named)...)
			}
		}
	}
}
