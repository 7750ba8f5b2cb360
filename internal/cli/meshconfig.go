package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/profiles"
)

// configFlags are the flags by which users say what mesh they want. istioctl's
// spellings work too.
type configFlags struct {
	profile   string
	files     []string
	sets      []profiles.Set
	revision  string
	manifests string

	placeFlags
}

func (f *configFlags) bind(env *Env, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.profile, "profile", "", "configuration `profile` to start from: one that 'meshctl profile list' names, or a file: ./mine.yaml")
	flags.StringArrayVarP(&f.files, "filename", "f", nil, "IstioOperator `file`, or only its spec; - is standard input; may be repeated, later ones win")
	bindSets(cmd, &f.sets)
	flags.StringVarP(&f.revision, "revision", "r", "", "control plane `revision` to install or change, for canary upgrades")
	flags.StringVarP(&f.manifests, "manifests", "d", "", "`directory` with charts/ and profiles/ to use instead of the built-in ones")
	f.placeFlags.bind(env, cmd)
	completeProfiles(env, cmd, "profile")
}

// load reads the files that the flags name, and the charts and profiles to use.
func (f *configFlags) load(env *Env) (profiles.Config, fs.FS, error) {
	config := profiles.Config{Profile: f.profile, Revision: f.revision}
	config.ReadFile = func(name string) ([]byte, error) { return readInput(env, name, false) }
	if namespace := env.Global.IstioNamespace; namespace != defaultIstioNamespace {
		// First, so that a setting of the user's own wins.
		config.Sets = []string{"values.global.istioNamespace=" + namespace}
	}
	var err error
	if config.Flags, err = withFiles(env, f.sets); err != nil {
		return config, nil, err
	}
	for i, name := range f.files {
		data, err := readInput(env, name, i == len(f.files)-1)
		if err != nil {
			return config, nil, err
		}
		config.Files = append(config.Files, profiles.File{Name: name, Data: data})
	}
	directory, place := f.manifests, profiles.Origin{}
	if directory == "" {
		directory, place = config.PackagePath()
	}
	if directory == "" {
		return f.extend(env, config, env.Assets, false)
	}
	for _, part := range []string{"charts", "profiles"} {
		if info, err := os.Stat(filepath.Join(directory, part)); err == nil && info.IsDir() {
			continue
		}
		if f.manifests == "" {
			return config, nil, profiles.RefusePackagePath(directory, part, place)
		}
		return config, nil, usageErrorf("--manifests %s: there is no directory %s in it", directory, part)
	}
	return f.extend(env, config, os.DirFS(directory), true)
}

// InputFileError is a file named by the user that cannot be read.
type InputFileError struct {
	File string
	Err  error
}

func (e *InputFileError) Error() string {
	reason := e.Err
	if path := (*fs.PathError)(nil); errors.As(e.Err, &path) {
		reason = path.Err
	}
	return fmt.Sprintf("reading %s: %v", e.File, reason)
}
func (e *InputFileError) Unwrap() error { return e.Err }

func readInput(env *Env, name string, last bool) ([]byte, error) {
	if name != "-" {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, &InputFileError{File: name, Err: err}
		}
		return data, nil
	}
	if !last {
		return nil, usageErrorf("--filename -: standard input can only be the last file")
	}
	data, err := io.ReadAll(env.IO.In)
	if err != nil {
		return nil, &InputFileError{File: "standard input", Err: err}
	}
	return data, nil
}
