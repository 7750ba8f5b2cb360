// Package load collects what to analyse: the documents in files, folders and
// standard input, and the objects of a cluster. It reads and does not judge.
package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// Files are the documents that were found.
type Files struct {
	Documents []object.Document
	// Read are the files they came from, as named.
	Read []string
	// Named are those of them that the user named, rather than a folder above them.
	Named []string
	// Ignored are files in folders whose names do not end in .yaml, .yml or .json.
	Ignored []string

	texts map[string][]byte
}

// FileError is a file that cannot be read.
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

// maxFile is more than any manifest has, and less than what fills the memory.
const maxFile = 1 << 30

// Stdin is the name of standard input, as an argument and in positions.
const Stdin = "-"

// FromFiles reads files, folders with all below them, patterns such as
// 'deploy/*.yaml', and standard input.
func FromFiles(paths []string, stdin io.Reader) (*Files, error) {
	files := &Files{}
	for _, path := range paths {
		if err := files.add(path, stdin); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (f *Files) add(path string, stdin io.Reader) error {
	if path == Stdin {
		text, err := io.ReadAll(io.LimitReader(stdin, maxFile))
		if err != nil {
			return &FileError{File: "standard input", Err: err}
		}
		f.take(Stdin, text)
		return nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
		return f.glob(path)
	}
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	if info.IsDir() {
		return f.folder(path)
	}
	f.Named = append(f.Named, path)
	return f.file(path)
}

func (f *Files) glob(pattern string) error {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return &FileError{File: pattern, Err: err}
	}
	if len(found) == 0 {
		return &FileError{File: pattern, Err: errors.New("no file has such a name")}
	}
	for _, path := range found {
		if err := f.add(path, nil); err != nil {
			return err
		}
	}
	return nil
}

func (f *Files) folder(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return &FileError{File: path, Err: err}
		case entry.IsDir():
			if path != root && strings.HasPrefix(name, ".") {
				return fs.SkipDir
			}
			return nil
		case !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name))):
			f.Ignored = append(f.Ignored, path)
			return nil
		}
		return f.file(path)
	})
}

func (f *Files) file(path string) error {
	if slices.Contains(f.Read, path) {
		return nil // named twice, or also found in a folder
	}
	info, err := os.Stat(path)
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	if info.Size() > maxFile {
		return &FileError{File: path, Err: fmt.Errorf("it is larger than %d MiB", maxFile>>20)}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return &FileError{File: path, Err: err}
	}
	f.take(path, text)
	return nil
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

func (f *Files) take(name string, text []byte) {
	f.Read = append(f.Read, name)
	if f.texts == nil {
		f.texts = map[string][]byte{}
	}
	f.texts[name] = text
	if bytes.IndexByte(text, 0) >= 0 {
		// Not text at all: one document, which will be said to be unreadable.
		f.Documents = append(f.Documents, object.Document{Source: object.Source{File: name, Line: 1}, Text: []byte("\x00")})
		return
	}
	f.Documents = append(f.Documents, object.Documents(name, text)...)
}
