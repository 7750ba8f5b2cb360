package load

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/meshctl/meshctl/internal/object"
)

// kustomizationOf finds the file that makes a folder a kustomization.
func kustomizationOf(folder string) (file string, ok bool) {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		file := filepath.Join(folder, name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, true
		}
	}
	return "", false
}

// kustomize reads what a kustomization makes. Positions are lines of that text,
// in a file with the name of the folder: nothing tells where they come from.
func (r *fileReader) kustomize(folder string) error {
	if r.Kustomize == nil {
		return &FileError{File: folder, Err: errors.New("kustomizations cannot be rendered here")}
	}
	r.kustomizationPlaces(folder, nil)
	text, err := r.Kustomize(r.ctx, folder)
	if err != nil {
		return err
	}
	r.files.Read = append(r.files.Read, folder)
	r.files.Named = append(r.files.Named, folder)
	r.files.texts[folder] = text
	r.documents(folder, text, &object.Rendering{})
	return nil
}

// partsOf are the files of a folder that its kustomization uses otherwise than as
// resources: patches and their like, which are no objects. In a folder below
// the one that was named nothing is rendered, since overlays share their bases.
func (r *fileReader) partsOf(folder string) []string {
	file, ok := kustomizationOf(folder)
	if !ok {
		return nil
	}
	r.note("%s is a kustomization, read as plain files: name it, and it is rendered", folder)
	text, err := os.ReadFile(file)
	if err != nil {
		return nil // reading the folder meets the same error
	}
	root, err := object.Parse(text)
	if err != nil {
		return nil
	}
	parts := []string{filepath.Base(file)}
	for i := range root.Children {
		field := &root.Children[i]
		if !slices.Contains([]string{"resources", "bases", "crds", "components"}, field.Key) {
			parts = append(parts, textsIn(field)...)
		}
	}
	return parts
}

func textsIn(node *object.Node) []string {
	if node.Kind == object.StringNode {
		return []string{filepath.Clean(node.Text)}
	}
	var texts []string
	for i := range node.Children {
		texts = append(texts, textsIn(&node.Children[i])...)
	}
	return texts
}

func (r *fileReader) note(format string, values ...any) {
	r.files.Notes = append(r.files.Notes, fmt.Sprintf(format, values...))
}
