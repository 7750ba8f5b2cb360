package profiles

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
)

// Assets is the charts and profiles of the version, out of those beside the table.
func (v Version) Assets(all fs.FS) (fs.FS, error) {
	assets := all
	if v.Charts.Folder != "." {
		var err error
		if assets, err = fs.Sub(all, v.Charts.Folder); err != nil {
			return nil, fmt.Errorf("reading the charts of Istio %s: %w", v.Name, err)
		}
	}
	if v.Charts.Version == v.Name {
		return assets, nil
	}
	written, err := regexp.Compile(`(?m)^((?:appVersion|version): *"?)` + regexp.QuoteMeta(v.Charts.Version) + `("?\s*)$`)
	if err != nil {
		return nil, fmt.Errorf("reading the charts of Istio %s: %w", v.Name, err)
	}
	return renamed{FS: assets, written: written, version: v.Name}, nil
}

// renamed is charts that call themselves by the version they install, where
// they were written for another patch release of it.
type renamed struct {
	fs.FS
	written *regexp.Regexp
	version string
}

// Open implements fs.FS.
func (r renamed) Open(name string) (fs.File, error) {
	file, err := r.FS.Open(name)
	if matched, _ := path.Match(chartDir+"/*/Chart.yaml", name); err != nil || !matched {
		return file, err
	}
	defer func() { _ = file.Close() }() // it was only read
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	text = r.written.ReplaceAll(text, []byte("${1}"+r.version+"${2}"))
	return &renamedFile{Reader: bytes.NewReader(text), info: info}, nil
}

// ReadDir implements fs.ReadDirFS.
func (r renamed) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(r.FS, name) }

// renamedFile is a file of which the text was changed.
type renamedFile struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *renamedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *renamedFile) Close() error               { return nil }

// of is the charts with the images of a version, where it names them.
func (c charts) of(v Version) charts {
	changed := charts{}
	origin := Origin{Kind: FromVersion, Name: v.Name}
	for name, values := range c {
		for field, text := range map[string]string{"hub": v.Hub, "tag": v.Tag} {
			if text != "" && values.str("global", field) != text && values.has("global", field) {
				values = values.with(newScalar(text, origin), "global", field)
			}
		}
		changed[name] = values
	}
	return changed
}
