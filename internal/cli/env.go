package cli

import (
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cli/browser"

	"github.com/meshctl/meshctl/internal/analyze/revision"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/ui"
	"github.com/meshctl/meshctl/manifests"
)

// Env is what commands use of the world. In a test it is a literal with the
// fields that the command under test needs.
type Env struct {
	// Program is what users type to run this: "meshctl", or "kubectl mesh".
	// Empty means meshctl.
	Program string
	IO      *ui.Streams
	// Cluster connects to the cluster that the global flags name, once, and
	// only when it is asked for: help and offline commands read no kubeconfig.
	Cluster func() (*kube.Cluster, error)
	// Assets holds charts/ and profiles/.
	Assets fs.FS
	// Browse opens a URL in the user's browser.
	Browse func(url string) error
	// Git runs the user's git; nil is the one on the PATH.
	Git revision.Git
	Now func() time.Time
	// Getenv looks up an environment variable; unset is empty.
	Getenv func(name string) string
	// Global is what the global flags, the environment and the config file say.
	// It is complete when a command runs.
	Global Global

	// story is where warnings go while progress is shown; nil is stderr.
	story atomic.Pointer[ui.Writer]
	// news says which warnings are worth telling; nil is all.
	news func(text string) bool
}

const (
	programName = "meshctl"
	pluginName  = "kubectl-mesh"
	pluginUsage = "kubectl mesh"
)

func newEnv(arg0 string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) *Env {
	env := &Env{
		Program: programOf(arg0),
		IO:      ui.NewStreams(stdin, stdout, stderr, getenv),
		Assets:  manifests.FS(),
		Browse: func(url string) error {
			// What a browser says is no part of the answer.
			browser.Stdout = io.Discard
			return browser.OpenURL(url)
		},
		Now:    time.Now,
		Getenv: getenv,
	}
	// After Global, which it reads when it is called first.
	env.Cluster = sync.OnceValues(func() (*kube.Cluster, error) {
		return kube.Connect(env.Global.clusterOptions(env))
	})
	return env
}

// programOf is the name under which users know the program that was started as arg0.
func programOf(arg0 string) string {
	name := strings.TrimSuffix(filepath.Base(arg0), ".exe")
	switch name {
	case pluginName:
		return pluginUsage
	case "", ".", "/":
		return programName
	}
	return name
}

// program is Program with its default.
func (e *Env) program() string {
	if e.Program == "" {
		return programName
	}
	return e.Program
}

// named puts the name of the program, as the user knows it, into a text that
// speaks of meshctl commands.
func (e *Env) named(text string) string {
	if e.program() == programName {
		return text
	}
	return strings.ReplaceAll(text, programName+" ", e.program()+" ")
}

// warn tells about something that needs a look although the command goes on.
func (e *Env) warn(text string) {
	if e.Global.Quiet || e.news != nil && !e.news(text) {
		return
	}
	w := e.IO.Stderr()
	if story := e.story.Load(); story != nil {
		w = *story
	}
	ui.Warning(w, e.named(text))
}

// warnOnce returns a warn that says the same only once. The API server repeats
// a warning for every request that deserves it, in several goroutines.
func (e *Env) warnOnce() func(text string) {
	fresh := newOnce()
	return func(text string) {
		if fresh(text) {
			e.warn(text)
		}
	}
}

// interleave sends warnings through the writer of a reporter for as long as it
// owns the terminal.
func (e *Env) interleave(reporter ui.Reporter) (restore func()) {
	w := reporter.Writer()
	e.story.Store(&w)
	return func() { e.story.Store(nil) }
}

// warnAll warns of several things.
func (e *Env) warnAll(texts []string) {
	for _, text := range texts {
		e.warn(text)
	}
}

// lookup finds variables in a list of NAME=value; as in a shell the last one counts.
func lookup(environ []string) func(string) string {
	values := make(map[string]string, len(environ))
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			values[name] = value
		}
	}
	return func(name string) string { return values[name] }
}
