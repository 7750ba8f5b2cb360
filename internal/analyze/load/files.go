package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// Files are the documents that were found.
type Files struct {
	Documents []object.Document
	// Unread are files, charts and documents below a folder that cannot be read,
	// and documents that are no text or too large.
	Unread []error
	// Read are the files they came from, as named.
	Read []string
	// Named are those of them that the user named, rather than a folder above them.
	Named []string
	// Ignored are files in folders whose names do not end in .yaml, .yml or .json.
	Ignored []string
	// Places are where a change may have them read differently.
	Places []Place
	// Notes are what a user may want to know about how they were read.
	Notes []string

	texts map[string][]byte
}

// FileError is a file, or something else to read, that cannot be read.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string {
	reason := e.Err
	if path, ok := errors.AsType[*fs.PathError](e.Err); ok {
		reason = path.Err
	}
	return fmt.Sprintf("reading %s: %v", e.File, reason)
}

func (e *FileError) Unwrap() error { return e.Err }

const (
	// maxFile is more than any manifest has, and less than what fills the memory.
	maxFile = 1 << 30
	// maxDocument is what an API server takes at most, so a larger object cannot
	// exist. Read as YAML it would take a hundred times as much memory.
	maxDocument = 3 << 20
	// largeDocument is worth cutting into its items, if it is a list.
	largeDocument = 1 << 20
)

// Stdin is the name of standard input, as an argument and in positions.
const Stdin = "-"

// Sources is what reading needs of the world.
type Sources struct {
	Stdin io.Reader
	// HTTP fetches URLs.
	HTTP *http.Client
	// Kustomize renders a folder with a kustomization.
	Kustomize func(ctx context.Context, folder string) ([]byte, error)
	Helm      Helm
}

// Read reads files, folders with all below them, patterns such as
// 'deploy/*.yaml', URLs, standard input, kustomizations and charts.
func (s Sources) Read(ctx context.Context, paths []string) (*Files, error) {
	r := &fileReader{Sources: s, ctx: ctx, files: &Files{texts: map[string][]byte{}}}
	for _, path := range paths {
		if err := r.add(path); err != nil {
			return nil, err
		}
	}
	return r.files, nil
}

// fileReader reads the paths of one call.
type fileReader struct {
	Sources
	ctx   context.Context
	files *Files
}

func (r *fileReader) add(path string) error {
	switch {
	case path == Stdin:
		return r.stdin()
	case isURL(path):
		return r.url(path)
	}
	r.place(PlacesOf(path)...)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
		return r.glob(path)
	}
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	if info.IsDir() {
		return r.named(path, info)
	}
	r.files.Named = append(r.files.Named, path)
	if isArchive(path) {
		return r.chart(path)
	}
	return r.file(path)
}

// named reads a folder that the user named: what there is to render is rendered.
func (r *fileReader) named(folder string, info fs.FileInfo) error {
	if _, ok := kustomizationOf(folder); ok {
		return r.kustomize(folder)
	}
	return r.folder(folder, []fs.FileInfo{info})
}

func (r *fileReader) stdin() error {
	text, err := readAll(r.Stdin, maxFile)
	if err != nil {
		return &FileError{File: "standard input", Err: err}
	}
	r.take(Stdin, text)
	return nil
}

func (r *fileReader) glob(pattern string) error {
	r.patternPlaces(pattern)
	found, err := filepath.Glob(pattern)
	if err != nil {
		return &FileError{File: pattern, Err: err}
	}
	if len(found) == 0 {
		return &FileError{File: pattern, Err: errors.New("no file has such a name")}
	}
	for _, path := range found {
		if err := r.add(path); err != nil {
			return err
		}
	}
	return nil
}

func (r *fileReader) file(path string) error {
	if _, read := r.files.texts[path]; read {
		return nil // named twice, or also found in a folder
	}
	file, err := os.Open(path)
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	defer file.Close() //nolint:errcheck // it was only read
	text, err := readAll(file, maxFile)
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	r.take(path, text)
	return nil
}

// readAll reads up to a limit, with one allocation where the size is known.
func readAll(from io.Reader, limit int64) ([]byte, error) {
	var text bytes.Buffer
	if file, ok := from.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Size() < limit {
			text.Grow(int(info.Size()) + bytes.MinRead)
		}
	}
	if _, err := text.ReadFrom(io.LimitReader(from, limit+1)); err != nil {
		return nil, err
	}
	if int64(text.Len()) > limit {
		return nil, fmt.Errorf("it is larger than %d MiB", limit>>20)
	}
	return text.Bytes(), nil
}

// Same says whether other has the same documents, in the same places.
func (f *Files) Same(other *Files) bool {
	return slices.Equal(f.Read, other.Read) && maps.EqualFunc(f.texts, other.texts, bytes.Equal) &&
		slices.EqualFunc(f.Unread, other.Unread, func(x, y error) bool { return x.Error() == y.Error() }) &&
		slices.EqualFunc(f.Documents, other.Documents, func(x, y object.Document) bool {
			return x.Source == y.Source && bytes.Equal(x.Text, y.Text)
		})
}

// Line is a line of a file that was read.
func (f *Files) Line(file string, line int) (string, bool) {
	if line < 1 {
		return "", false
	}
	for text := range bytes.Lines(f.texts[file]) {
		if line--; line == 0 {
			return strings.TrimRight(string(text), "\r\n"), true
		}
	}
	return "", false
}

// take cuts a text into documents.
func (r *fileReader) take(name string, text []byte) {
	r.files.Read = append(r.files.Read, name)
	r.files.texts[name] = text
	r.documents(name, text, nil)
}

// documents takes what can be read as YAML or JSON. rendering tells where its
// lines come from, if it is not a file as it is.
func (r *fileReader) documents(name string, text []byte, rendering *object.Rendering) {
	if err := noText(text); err != nil {
		line := 1 + bytes.Count(text[:max(0, bytes.IndexByte(text, 0))], []byte("\n"))
		r.unread(object.Source{File: name, Line: line}, err)
		return
	}
	documents := object.Documents(name, text)
	r.files.Documents = slices.Grow(r.files.Documents, len(documents))
	for _, document := range documents {
		if rendering != nil {
			document.Rendered = rendering.From(document.Source.Line)
			document.Source.Line = document.LineOf(1)
		}
		if len(document.Text) > largeDocument {
			if items, ok := document.Items(); ok {
				r.keep(items...)
				continue
			}
		}
		r.keep(document)
	}
}

func (r *fileReader) keep(documents ...object.Document) {
	for _, document := range documents {
		if size := len(document.Text); size > maxDocument {
			r.unread(document.Source, fmt.Errorf("the document has %d MiB; no cluster takes an object of more than %d", size>>20, maxDocument>>20))
			continue
		}
		r.files.Documents = append(r.files.Documents, document)
	}
}

func (r *fileReader) unread(source object.Source, err error) {
	r.files.Unread = append(r.files.Unread, &object.SyntaxError{Source: source, Err: err})
}

// noText knows files that are not YAML at all.
func noText(text []byte) error {
	switch {
	case bytes.HasPrefix(text, []byte("\xFF\xFE")), bytes.HasPrefix(text, []byte("\xFE\xFF")):
		return errors.New("the text is UTF-16, and must be UTF-8")
	case bytes.IndexByte(text, 0) >= 0:
		return errors.New("there is a NUL byte in it, so it is no text")
	}
	return nil
}
