package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/meshctl/meshctl/internal/inject"
)

// manifest is one file, page or stream of objects, before and after.
type manifest struct {
	// name is what messages call it, and place where it goes below an output directory.
	name, place   string
	text, changed []byte
	outcomes      []inject.Outcome
}

type manifestFiles []*manifest

const stdinName = "standard input"

// readManifests reads what -f names; without -f, what is piped in.
func readManifests(ctx context.Context, env *Env, names []string) (manifestFiles, error) {
	if len(names) == 0 {
		if env.IO.InTerminal() {
			return nil, usageErrorf("-f names no manifests, and nothing is piped in")
		}
		names = []string{"-"}
	}
	var all manifestFiles
	for i, name := range names {
		var read manifestFiles
		var err error
		switch {
		case name == "-":
			var text []byte
			if text, err = readInput(env, name, !slices.Contains(names[i+1:], "-")); err == nil {
				read = manifestFiles{{name: stdinName, place: "stdin.yaml", text: text}}
			}
		case strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "https://"):
			read, err = download(ctx, env, name)
		default:
			read, err = readFiles(name)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, read...)
	}
	return all, nil
}

// readFiles reads a file, or the manifests in a directory and those below it.
func readFiles(name string) (manifestFiles, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, &InputFileError{File: name, Err: err}
	}
	if !info.IsDir() {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, &InputFileError{File: name, Err: err}
		}
		return manifestFiles{{name: name, place: filepath.Base(name), text: text}}, nil
	}
	var all manifestFiles
	err = filepath.WalkDir(name, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return &InputFileError{File: file, Err: err}
		}
		if entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(file)) {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return &InputFileError{File: file, Err: err}
		}
		place, err := filepath.Rel(name, file)
		if err != nil {
			return err
		}
		all = append(all, &manifest{name: file, place: place, text: text})
		return nil
	})
	if err == nil && len(all) == 0 {
		err = &InputFileError{File: name, Err: errors.New("there are no .yaml, .yml or .json files in it")}
	}
	return all, err
}

func download(ctx context.Context, env *Env, address string) (manifestFiles, error) {
	ctx, cancel := context.WithTimeout(ctx, env.Global.RequestTimeout)
	defer cancel()
	failed := func(err error) error {
		// It would say the address again.
		if wrapper, ok := errors.AsType[*url.Error](err); ok {
			err = wrapper.Err
		}
		return &InputFileError{File: address, Err: err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, failed(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, failed(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, failed(fmt.Errorf("the server answers %s", answer.Status))
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, failed(err)
	}
	place := path.Base(request.URL.Path)
	if place == "/" || place == "." {
		place = request.URL.Hostname() + ".yaml"
	}
	return manifestFiles{{name: address, place: place, text: text}}, nil
}

// change changes all manifests, several at a time. Of several errors the one of
// the first manifest is told.
func (all manifestFiles) change(do func(*manifest) error) error {
	// Nearly all that this takes is let go with the pod it was for, so a heap that
	// grows further before it is looked through costs little memory and saves time.
	const growth = 150
	defer debug.SetGCPercent(debug.SetGCPercent(growth))
	errs := make([]error, len(all))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range all {
		workers.Go(func() error {
			errs[i] = do(m)
			return nil
		})
	}
	_ = workers.Wait() // they are in errs
	return cmp.Or(errs...)
}

func (all manifestFiles) anyChanged() bool {
	return slices.ContainsFunc(all, func(m *manifest) bool {
		return slices.ContainsFunc(m.outcomes, func(o inject.Outcome) bool { return o.Changed })
	})
}

// toDirectory says whether output is a directory to put files into: it is one,
// is written like one, or has to hold more than one file.
func (all manifestFiles) toDirectory(output string) bool {
	if strings.HasSuffix(output, "/") || len(all) > 1 || len(all) == 1 && all[0].place != filepath.Base(all[0].name) && all[0].name != stdinName {
		return true
	}
	info, err := os.Stat(output)
	return err == nil && info.IsDir()
}

// checkOutput finds out before anything is done whether the output can be written.
func (all manifestFiles) checkOutput(output string) error {
	if output == "" || !all.toDirectory(output) {
		return nil
	}
	if info, err := os.Stat(output); err == nil && !info.IsDir() {
		return usageErrorf("-o %s: a directory is needed for %d files, and this is none", output, len(all))
	}
	from := map[string]string{}
	for _, m := range all {
		if other, taken := from[m.place]; taken {
			return usageErrorf("-o %s: both %s and %s would become %s", output, other, m.name, filepath.Join(output, m.place))
		}
		from[m.place] = m.name
	}
	return nil
}

// write prints the manifests, or writes their files.
func (all manifestFiles) write(env *Env, output string) error {
	if output == "" {
		_, err := env.IO.Out.Write(all.joined())
		return err
	}
	if !all.toDirectory(output) {
		return writeFile(output, all.joined())
	}
	for _, m := range all {
		file := filepath.Join(output, m.place)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("writing manifests: %w", err)
		}
		if err := writeFile(file, m.changed); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(name string, text []byte) error {
	if err := os.WriteFile(name, text, 0o644); err != nil { //nolint:gosec // manifests are for everybody to read
		return fmt.Errorf("writing manifests: %w", err)
	}
	return nil
}

// joined are all manifests as one stream.
func (all manifestFiles) joined() []byte {
	if len(all) == 1 {
		return all[0].changed
	}
	var out bytes.Buffer
	for i, m := range all {
		if i > 0 {
			if !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
				out.WriteByte('\n')
			}
			if !bytes.HasPrefix(m.changed, []byte("---")) {
				out.WriteString("---\n")
			}
		}
		out.Write(m.changed)
	}
	return out.Bytes()
}
