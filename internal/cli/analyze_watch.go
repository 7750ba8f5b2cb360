package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

// watchable refuses to watch what says nothing when it changes, and formats that
// are for one answer.
func (o *analyzeOptions) watchable() error {
	switch {
	case o.fix || o.diff:
		return usageErrorf("--watch only looks: use --fix and --diff without it")
	case o.rebase:
		return usageErrorf("--update-baseline writes once: use it without --watch")
	case !slices.Contains(output.Changes(), o.output.String()):
		return usageErrorf("-o %s is one document, and --watch goes on: use %s", o.output.String(), strings.Join(output.Changes(), ", "))
	}
	for _, path := range o.paths {
		if path == load.Stdin {
			return usageErrorf("--watch cannot watch standard input: name files, or leave --watch out")
		}
		if strings.Contains(path, "://") {
			return usageErrorf("--watch cannot watch %s: name files, or leave --watch out", path)
		}
	}
	return nil
}

// watching is an analysis that is made again whenever its input changes.
type watching struct {
	o        *analyzeOptions
	env      *Env
	said     *rounds
	notifier *load.Notifier
	news     *news
	// replicas are the clusters, as last heard of.
	replicas []*load.Replica

	last seen
	// troubled says that a replica was out of date.
	troubled bool
}

// seen is what one look came to.
type seen struct {
	files    *load.Files
	settings string
	live     int
	findings []analyze.Finding
	// broken are the files that could not be read.
	broken map[string]bool
	// found is the verdict on what was found, verdict also on what happened since.
	found, verdict error
	// stands is why there was no look since.
	stands string
	took   time.Duration
}

func (o *analyzeOptions) watch(ctx context.Context, env *Env) error {
	w := &watching{o: o, env: env, said: newRounds(), news: newNews()}
	env.news = w.said.fresh
	var err error
	if w.notifier, err = load.NewNotifier(w.news.file); err != nil {
		return err
	}
	defer w.notifier.Close() //nolint:errcheck // it wrote nothing
	o.opened = sync.OnceValues(func() ([]*liveSource, error) { return w.open(ctx) })
	if err := w.begin(ctx); err != nil {
		return err
	}
	for w.news.wait(ctx, w.last.took) {
		if err := w.again(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
	if w.last.verdict == nil {
		return nil // Ctrl-C is how a watch ends, so it is no error
	}
	return &endedError{judge(w.last.verdict).code}
}

// open puts a replica before each cluster.
func (w *watching) open(ctx context.Context) ([]*liveSource, error) {
	sources, err := w.o.clusters(w.env)
	for _, source := range sources {
		replica := load.NewReplica(ctx, source.Cluster, w.news.live)
		source.from = replica
		w.replicas = append(w.replicas, replica)
	}
	return sources, err
}

// begin looks for the first time, and says all that analyze says.
func (w *watching) begin(ctx context.Context) error {
	started := w.env.Now()
	w.last.live = w.version()
	a, err := w.gather(ctx)
	if err != nil {
		return err
	}
	if err := w.look(ctx, a); err != nil {
		return err
	}
	if err := a.print(); err != nil {
		return err
	}
	a.tell()
	w.keep(a, started)
	w.say("watching " + w.scope() + "; Ctrl-C ends it")
	return nil
}

func (w *watching) scope() string {
	var parts []string
	if len(w.o.paths) > 0 {
		parts = append(parts, strings.Join(w.o.paths, " "))
	}
	switch n := len(w.replicas); n {
	case 0:
	case 1:
		parts = append(parts, "the cluster")
	default:
		parts = append(parts, fmt.Sprintf("%d clusters", n))
	}
	return strings.Join(parts, " and ")
}

// gather reads until nothing has changed between the look at a folder and the
// beginning of its watch.
func (w *watching) gather(ctx context.Context) (*analysis, error) {
	for {
		a, err := w.o.gather(ctx, w.env)
		if err != nil {
			return nil, err
		}
		more, err := w.notifier.Watch(w.places(a))
		if err != nil || !more {
			return a, err
		}
	}
}

// places are all places of which something was read, or would be if it were there.
func (w *watching) places(a *analysis) []load.Place {
	places := slices.Clone(a.input.files.Places)
	for _, file := range w.settingFiles(a) {
		places = append(places, load.PlacesOf(file)...)
	}
	return places
}

// settingFiles are those that say how to look.
func (w *watching) settingFiles(a *analysis) []string {
	files := []string{a.rulesFile, w.o.baseline, w.o.meshConfig, w.o.meshNetworks}
	if a.rulesFile == "" {
		files[0] = rulesName // where it may come to be
	}
	return slices.DeleteFunc(files, func(file string) bool { return file == "" })
}

// look analyses what was gathered.
func (w *watching) look(ctx context.Context, a *analysis) error {
	if err := a.learn(ctx); err != nil {
		return err
	}
	return a.look(ctx)
}

// settings is what the files that say how to look have in them.
func (w *watching) settings(a *analysis) string {
	var texts []string
	for _, file := range w.settingFiles(a) {
		text, err := os.ReadFile(file)
		texts = append(texts, file, string(text), fmt.Sprint(err))
	}
	return strings.Join(texts, "\x00")
}

func (w *watching) version() int {
	sum := 0
	for _, replica := range w.replicas {
		sum += replica.Version()
	}
	return sum
}

func (w *watching) keep(a *analysis, started time.Time) {
	verdict := a.verdict()
	w.last = seen{
		files: a.input.files, settings: w.settings(a), live: w.last.live,
		findings: a.shown(), broken: map[string]bool{}, found: verdict, verdict: verdict, took: time.Since(started),
	}
	for _, err := range a.mesh.Unread() {
		w.last.broken[fileOf(err)] = true
	}
	if verdict != nil {
		w.env.tellErrors(verdict, w.said.fresh)
	}
}

// again looks once more, if there is something else to see.
func (w *watching) again(ctx context.Context) error {
	started := w.env.Now()
	changed, live := w.news.take(), w.version()
	w.trouble()
	a, err := w.gather(ctx)
	if err != nil {
		return w.stay(ctx, err)
	}
	moved := !a.input.files.Same(w.last.files) || w.settings(a) != w.last.settings
	if !moved && live == w.last.live {
		if w.last.stands != "" {
			w.say("all is as it was before: " + w.count(output.Change{}))
		}
		w.last.verdict, w.last.stands = w.last.found, ""
		return nil
	}
	w.said.next()
	if err := w.look(ctx, a); err != nil {
		return w.stay(ctx, err)
	}
	if err := w.broke(a); err != nil {
		return w.stay(ctx, err)
	}
	before, files := w.last.findings, w.last.files
	w.last.live = live
	w.keep(a, started)
	a.warnings()
	return w.tell(a, output.ChangeOf(before, w.last.findings), changed, files, moved)
}

// broke are the errors of files that could be read before.
func (w *watching) broke(a *analysis) error {
	if w.o.ignoreUnknown {
		return nil
	}
	var errs []error
	for _, err := range a.mesh.Unread() {
		if !w.last.broken[fileOf(err)] {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// fileOf is the file, or the chart, that an error is about.
func fileOf(err error) string {
	if syntax, ok := errors.AsType[*object.SyntaxError](err); ok {
		return syntax.Source.File
	}
	if chart, ok := errors.AsType[*load.ChartError](err); ok {
		return chart.Chart
	}
	if file, ok := errors.AsType[*load.FileError](err); ok {
		return file.File
	}
	return err.Error()
}

// stay says why there is nothing to look at. That will pass: it is half
// written, or about to be replaced. Until then, what was found stands.
func (w *watching) stay(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	if text := err.Error(); text != w.last.stands {
		w.last.stands = text
		w.env.tellErrors(err, newOnce())
		if !w.env.Global.Quiet {
			ui.Hint(w.env.IO.Stderr(), "until that is mended, what was found before stands")
		}
	}
	w.last.verdict = errors.Join(w.last.found, err)
	return nil
}

// trouble says when a cluster is not heard of, and when it is again.
func (w *watching) trouble() {
	troubled := false
	for _, replica := range w.replicas {
		if err := replica.Trouble(); err != nil {
			troubled = true
			w.env.warn(fmt.Sprintf("%v: what was found may be out of date", err))
		}
	}
	if w.troubled && !troubled {
		w.say("the cluster is heard of again")
	}
	w.troubled = troubled
}
