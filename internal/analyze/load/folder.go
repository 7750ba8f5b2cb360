package load

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// folder reads all files below a folder. above are the folders on the way to
// it, itself included: a link to one of them would lead round in a circle.
func (r *fileReader) folder(path string, above []fs.FileInfo) error {
	if isChart(path) {
		return r.chart(path)
	}
	r.place(Place{Folder: path})
	entries, err := os.ReadDir(path)
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	parts := r.partsOf(path)
	for _, entry := range entries {
		name := entry.Name()
		inside := filepath.Join(path, name)
		if strings.HasPrefix(name, ".") || slices.Contains(parts, name) {
			continue
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			r.place(PlacesOf(inside)...)
		}
		// What cannot be read among many does not keep the others from being read.
		if err := r.entry(inside, above); err != nil {
			r.files.Unread = append(r.files.Unread, err)
		}
	}
	return nil
}

func (r *fileReader) entry(path string, above []fs.FileInfo) error {
	isManifest := slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path)))
	info, err := os.Stat(path) // also of what a link leads to
	switch {
	case err != nil && isManifest:
		return &FileError{File: path, Err: err}
	case err != nil: // a link to nothing
		r.files.Ignored = append(r.files.Ignored, path)
		return nil
	case info.IsDir():
		if slices.ContainsFunc(above, func(parent fs.FileInfo) bool { return os.SameFile(parent, info) }) {
			r.note("%s is a link to a folder above it, and is left out", path)
			return nil
		}
		return r.folder(path, append(slices.Clip(above), info))
	case !isManifest, !info.Mode().IsRegular():
		r.files.Ignored = append(r.files.Ignored, path)
		return nil
	}
	return r.file(path)
}
