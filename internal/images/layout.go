package images

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/match"
)

// The names of images in an archive: what OCI calls them, and what containerd
// looks for, so that its importer and kind can load the same file.
const (
	refName        = "org.opencontainers.image.ref.name"
	containerdName = "io.containerd.image.name"
)

// errNotAnArchive is a file or folder that is no OCI layout.
var errNotAnArchive = errors.New("not an OCI image layout")

func isTar(archive string) bool { return strings.HasSuffix(archive, ".tar") }

// into writes the content to an archive under a name.
func (of content) into(path layout.Path, ref string) error {
	named := layout.WithAnnotations(map[string]string{refName: ref, containerdName: ref})
	if of.index != nil {
		return path.ReplaceIndex(of.index, match.Annotation(refName, ref), named)
	}
	return path.ReplaceImage(of.image, match.Annotation(refName, ref), named)
}

// contents are the images of an archive, with their names.
func contents(path layout.Path) ([]content, []string, error) {
	index, err := path.ImageIndex()
	if err != nil {
		return nil, nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, nil, err
	}
	var all []content
	var refs []string
	for _, one := range manifest.Manifests {
		ref := one.Annotations[containerdName]
		if ref == "" {
			ref = one.Annotations[refName]
		}
		if ref == "" {
			return nil, nil, fmt.Errorf("%s has no name", one.Digest)
		}
		found := content{digest: one.Digest}
		if one.MediaType.IsIndex() {
			found.index, err = index.ImageIndex(one.Digest)
		} else {
			found.image, err = index.Image(one.Digest)
		}
		if err != nil {
			return nil, nil, err
		}
		all, refs = append(all, found), append(refs, ref)
	}
	if len(refs) == 0 {
		return nil, nil, errors.New("there is no image in it")
	}
	return all, refs, nil
}

// writeLayout lets fill add to the archive. A file is written anew, and only
// once it is complete.
func writeLayout(archive string, fill func(layout.Path) error) error {
	if !isTar(archive) {
		path, err := openFolder(archive)
		if err != nil {
			return err
		}
		return fill(path)
	}
	folder, err := os.MkdirTemp(filepath.Dir(archive), ".images-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", archive, err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path, err := layout.Write(folder, empty.Index)
	if err == nil {
		err = fill(path)
	}
	if err != nil {
		return err
	}
	if err := pack(folder, archive); err != nil {
		return fmt.Errorf("writing %s: %w", archive, err)
	}
	return nil
}

// openFolder opens the layout in a folder, or begins one.
func openFolder(folder string) (layout.Path, error) {
	entries, err := os.ReadDir(folder)
	if err == nil && len(entries) > 0 {
		path, err := layout.FromPath(folder)
		if err != nil {
			return "", fmt.Errorf("writing %s: %w, and not empty", folder, errNotAnArchive)
		}
		return path, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("writing %s: %w", folder, err)
	}
	return layout.Write(folder, empty.Index)
}

// readLayout lets use read the archive.
func readLayout(archive string, use func(layout.Path) error) error {
	folder := archive
	if info, err := os.Stat(archive); err != nil {
		if bare := (*fs.PathError)(nil); errors.As(err, &bare) {
			err = bare.Err
		}
		return &ArchiveError{Archive: archive, Err: err}
	} else if !info.IsDir() {
		unpacked, err := os.MkdirTemp(filepath.Dir(archive), ".images-*")
		if err != nil {
			return fmt.Errorf("reading %s: %w", archive, err)
		}
		defer func() { _ = os.RemoveAll(unpacked) }()
		if err := unpack(archive, unpacked); err != nil {
			return &ArchiveError{Archive: archive, Err: err}
		}
		folder = unpacked
	}
	path, err := layout.FromPath(folder)
	if err != nil {
		return &ArchiveError{Archive: archive, Err: errNotAnArchive}
	}
	return use(path)
}

// pack writes a folder as a tar file with nothing in it but names and content,
// so that the same images give the same bytes.
func pack(folder, archive string) (err error) {
	partial := archive + ".partial"
	file, err := os.Create(partial)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(partial)
		}
	}()
	w := tar.NewWriter(file)
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return packFile(w, folder, path)
	})
	if err = errors.Join(err, w.Close(), file.Close()); err != nil {
		return err
	}
	return os.Rename(partial, archive)
}

func packFile(w *tar.Writer, folder, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	inside, err := filepath.Rel(folder, path)
	if err != nil {
		return err
	}
	const readable = 0o644
	if err := w.WriteHeader(&tar.Header{Name: filepath.ToSlash(inside), Mode: readable, Size: info.Size(), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err = io.Copy(w, file)
	return err
}

// unpack reads a tar file into a folder. A root keeps what is in it from
// leading elsewhere; links are not needed.
func unpack(archive, folder string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	r := tar.NewReader(file)
	for {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := unpackFile(root, header.Name, r); err != nil {
			return err
		}
	}
}

func unpackFile(root *os.Root, name string, r io.Reader) error {
	const private = 0o755
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), private); err != nil {
		return err
	}
	file, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, r)
	return errors.Join(err, file.Close())
}
