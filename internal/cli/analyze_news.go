package cli

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/ui"
)

// news collects what happened since it was last asked.
type news struct {
	any   chan struct{}
	mu    sync.Mutex
	files map[string]bool
}

func newNews() *news { return &news{any: make(chan struct{}, 1), files: map[string]bool{}} }

func (n *news) file(name string) {
	n.mu.Lock()
	if name != "" {
		n.files[name] = true
	}
	n.mu.Unlock()
	n.live()
}

func (n *news) live() {
	select {
	case n.any <- struct{}{}:
	default:
	}
}

func (n *news) inFiles() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.files) > 0
}

// take names the files that changed.
func (n *news) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	names := slices.Sorted(maps.Keys(n.files))
	n.files = map[string]bool{}
	here, err := filepath.EvalSymlinks(workingFolder())
	for i, name := range names {
		if short, wrong := filepath.Rel(here, name); err == nil && wrong == nil {
			names[i] = short
		}
	}
	return names
}

// wait returns once something has happened and it has been calm for a while: for
// a moment after a file changed, which editors do in several steps, and longer
// in a cluster, where one thing leads to another. Those who are never calm are
// looked at nevertheless. A long look is followed by a long rest. false says that
// the context has ended.
func (n *news) wait(ctx context.Context, took time.Duration) bool {
	const moment, while, longest = 150 * time.Millisecond, time.Second, 5 * time.Second
	select {
	case <-ctx.Done():
		return false
	case <-n.any:
	}
	late := time.After(longest)
	for {
		calm := moment
		if !n.inFiles() {
			calm = while
		}
		select {
		case <-ctx.Done():
			return false
		case <-n.any:
		case <-late:
			return true
		case <-time.After(min(max(calm, took), longest)):
			return true
		}
	}
}

// tell says what is new and what is gone. Of a cluster, in which something always
// moves, nothing is said if that is nothing.
func (w *watching) tell(a *analysis, change output.Change, changed []string, before *load.Files, moved bool) error {
	if change.Empty() && !moved {
		return nil
	}
	what := "the cluster"
	if moved {
		what = "files"
		changed = among(changed, slices.Concat(before.Read, a.input.files.Read))
		if len(changed) > 0 {
			what = changed[0]
		}
		if more := len(changed) - 1; more > 0 {
			what += fmt.Sprintf(" and %d more", more)
		}
	}
	w.say(fmt.Sprintf("%s changed: %s", what, w.count(change)))
	if change.Empty() {
		return nil
	}
	return output.WriteChange(a.env.IO.Stdout(), a.output.String(), change, a.written())
}

// among leaves out the files that an editor makes for itself, unless there are no
// others.
func among(changed, read []string) []string {
	known := make(map[string]bool, len(read))
	for _, name := range read {
		known[filepath.Clean(name)] = true
		known[shortest(name)] = true
	}
	kept := slices.DeleteFunc(slices.Clone(changed), func(name string) bool { return !known[name] })
	if len(kept) == 0 {
		return changed
	}
	return kept
}

func (w *watching) count(change output.Change) string {
	all := counted(len(w.last.findings), "finding", "findings")
	if len(w.last.findings) == 0 {
		all = "no issues found"
	}
	if change.Empty() {
		return "nothing new, " + all
	}
	return fmt.Sprintf("%d new, %d gone, %s", len(change.New), len(change.Gone), all)
}

func (w *watching) say(text string) {
	if !w.env.Global.Quiet {
		stderr := w.env.IO.Stderr()
		ui.Note(stderr, w.env.Now().Format(time.TimeOnly), text)
	}
}
