package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"time"

	"github.com/meshctl/meshctl/internal/buildinfo"
	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/progress"
	"github.com/meshctl/meshctl/internal/ui"
)

// lockName is the Lease that keeps two changes from running at once.
const lockName = "meshctl"

// errDeclined is the user's no to a plan.
var errDeclined = errors.New("not confirmed, so nothing was changed")

// work is one change to a cluster in progress: it reports, asks and locks.
type work struct {
	env      *Env
	flags    changeFlags
	reporter ui.Reporter
	// restore gives the terminal back to the Env.
	restore func()
}

func (f changeFlags) start(env *Env) *work {
	reporter := ui.NewReporter(env.IO, f.progress, env.Global.Quiet, env.Now)
	return &work{env: env, flags: f, reporter: reporter, restore: env.interleave(reporter)}
}

// end leaves the last state of the progress on the screen. Only the first call does something.
func (w *work) end() {
	w.reporter.Close()
	w.restore()
}

// deps is what the pipeline needs, less the approval, which commands word differently.
func (w *work) deps(assets fs.FS, cluster *kube.Cluster) install.Deps {
	return install.Deps{
		Assets:  assets,
		Cluster: cluster,
		Releases: func(ctx context.Context, namespace string) (*release.Store, error) {
			return openStore(ctx, w.env, cluster, namespace)
		},
		Lock: func(ctx context.Context, namespace string) (context.Context, func(), error) {
			return w.lock(ctx, cluster, namespace)
		},
		Progress:    w.reporter.Sink(),
		ToolVersion: buildinfo.Get().Version,
	}
}

// openStore opens the release records in a namespace. An interrupt does not
// reach it, so that what was interrupted can be recorded as such.
func openStore(ctx context.Context, env *Env, cluster *kube.Cluster, namespace string) (*release.Store, error) {
	driver, err := cluster.ReleaseDriver(context.WithoutCancel(ctx), namespace)
	if err != nil {
		return nil, err
	}
	return release.NewStore(driver, env.Now), nil
}

// lock takes the mesh's lease, and says whom it waits for if somebody holds it.
func (w *work) lock(ctx context.Context, cluster *kube.Cluster, namespace string) (context.Context, func(), error) {
	sink := w.reporter.Sink()
	lock, err := cluster.Lock(ctx, kube.LockOptions{
		Namespace: namespace,
		Name:      lockName,
		Holder:    holder(w.env.Now()),
		Waiting: func(holder string, since time.Time) {
			sink(progress.Event{Stage: "lock", State: progress.Waiting, Detail: fmt.Sprintf(
				"%s is changing this mesh since %s", holder, since.Local().Format(time.TimeOnly))})
		},
	})
	if err != nil {
		return nil, nil, err
	}
	unlock := func() {
		// An interrupt must not leave the lease behind.
		const patience = 5 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if err := lock.Release(ctx); err != nil {
			ui.Warning(w.reporter.Writer(), err.Error())
		}
	}
	return lock.Context(), unlock, nil
}

// holder tells others whom they are waiting for.
func holder(now time.Time) string {
	name, host := "somebody", "unknown host"
	if current, err := user.Current(); err == nil {
		name = current.Username
	}
	if hostname, err := os.Hostname(); err == nil {
		host = hostname
	}
	return fmt.Sprintf("%s@%s (meshctl, process %d, %s)", name, host, os.Getpid(), now.Format(time.TimeOnly))
}

// approve shows the plan and asks. In a dry run the plan is the answer and goes
// to stdout; otherwise it is part of the story.
func (w *work) approve(ctx context.Context, proposal install.Proposal, format ui.Format) error {
	w.env.warnAll(proposal.Warnings)
	view := newPlanView(proposal)
	if w.flags.dryRun {
		view.all = true
		return w.reporter.Aside(func() error { return ui.Print(w.env.IO.Stdout(), format, view) })
	}
	if proposal.NothingToDo() {
		return nil
	}
	return w.reporter.Aside(func() error {
		if !w.env.Global.Quiet {
			if err := view.Text(w.env.IO.Stderr()); err != nil {
				return err
			}
		}
		if w.flags.yes {
			return nil
		}
		confirmed, err := ui.Confirm(ctx, w.env.IO, view.question())
		if err != nil {
			return err
		}
		if !confirmed {
			return errDeclined
		}
		return nil
	})
}
