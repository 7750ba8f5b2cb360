package cli

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// chartAssets is charts and profiles with some fetched files beside them.
type chartAssets struct {
	fs.FS
	files map[string][]byte
}

// Open implements fs.FS.
func (a chartAssets) Open(name string) (fs.File, error) {
	if text, fetched := a.files[name]; fetched {
		return fetchedFile{Reader: bytes.NewReader(text), info: fetchedInfo{name: path.Base(name), size: int64(len(text))}}, nil
	}
	return a.FS.Open(name)
}

// fetchedFile is a file in memory.
type fetchedFile struct {
	*bytes.Reader
	info fetchedInfo
}

func (f fetchedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f fetchedFile) Close() error               { return nil }

type fetchedInfo struct {
	name string
	size int64
}

func (i fetchedInfo) Name() string     { return i.name }
func (i fetchedInfo) Size() int64      { return i.size }
func (fetchedInfo) Mode() fs.FileMode  { return 0o444 }
func (fetchedInfo) ModTime() time.Time { return time.Time{} }
func (fetchedInfo) IsDir() bool        { return false }
func (fetchedInfo) Sys() any           { return nil }
