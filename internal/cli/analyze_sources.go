package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/analyze/load"
)

// bindSources adds the flags that say more about what is analysed.
func (o *analyzeOptions) bindSources(env *Env, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&o.helm.Values, "helm-values", nil, "`file` with values for charts; may be repeated, the last one wins")
	flags.StringArrayVar(&o.helm.Set, "helm-set", nil, "`value` for charts, as in a.b=c; may be repeated")
	flags.StringVar(&o.helm.Release, "helm-release", "", "`name` of the release that charts are rendered for (default: the name of the chart)")
	flags.StringSliceVar(&o.contexts, "contexts", nil, "`contexts` of the kubeconfig whose clusters make up the mesh")
	flags.StringSliceVar(&o.remotes, "remote-contexts", nil, "`contexts` of clusters that belong to the mesh beside the current one")
	for _, flag := range []string{"contexts", "remote-contexts"} {
		completeFlag(env, cmd, flag, contexts(env))
	}
}

// readFiles reads what the arguments name.
func (o *analyzeOptions) readFiles(ctx context.Context, env *Env) (*load.Files, error) {
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.timeout, fmt.Errorf("there was no answer in %s", o.timeout))
		defer cancel()
	}
	sources := load.Sources{
		Stdin:     env.IO.In,
		HTTP:      &http.Client{},
		Kustomize: kustomize,
		Helm:      o.helm,
	}
	sources.Helm.Namespace = env.Global.Namespace
	if sources.Helm.Namespace == "" {
		sources.Helm.Namespace = "default"
	}
	return sources.Read(ctx, o.paths)
}

// NoKustomizeError is a kustomization that nothing here can render.
type NoKustomizeError struct{ Folder string }

func (e *NoKustomizeError) Error() string {
	return "rendering " + e.Folder + ": it is a kustomization, and neither kustomize nor kubectl is on the PATH"
}

// KustomizeError is a kustomization that cannot be rendered.
type KustomizeError struct {
	Folder, Program string
	// Message is what the program says.
	Message string
	Err     error
}

func (e *KustomizeError) Error() string {
	message := e.Message
	if message == "" {
		message = e.Err.Error()
	}
	return fmt.Sprintf("rendering %s with %s: %s", e.Folder, e.Program, message)
}

func (e *KustomizeError) Unwrap() error { return e.Err }

// kustomize renders a folder with the user's own program: each version makes
// something else of the same files, and linking one would cost 21 MB.
func kustomize(ctx context.Context, folder string) ([]byte, error) {
	program, arguments := "", []string{"build", folder}
	if found, err := exec.LookPath("kustomize"); err == nil {
		program = found
	} else if found, err := exec.LookPath("kubectl"); err == nil {
		program, arguments[0] = found, "kustomize"
	} else {
		return nil, &NoKustomizeError{Folder: folder}
	}
	var out, problems bytes.Buffer
	command := exec.CommandContext(ctx, program, arguments...)
	command.Stdout, command.Stderr = &out, &problems
	command.WaitDelay = time.Second // what it started may live on
	if err := command.Run(); err != nil {
		if late := context.Cause(ctx); late != nil {
			err = late
			problems.Reset()
		}
		message := strings.TrimPrefix(strings.TrimSpace(problems.String()), "Error: ")
		return nil, &KustomizeError{Folder: folder, Program: program, Message: strings.TrimPrefix(message, "error: "), Err: err}
	}
	return out.Bytes(), nil
}

// tellSources says how files were read, and what a cluster did not show.
func (in analyzeInput) tellSources(env *Env) {
	env.warnAll(in.files.Notes)
	for _, live := range in.lives {
		cluster := ""
		if live.Cluster != "" {
			cluster = "cluster " + live.Cluster + ": "
		}
		var late *AnalyzeTimeoutError
		var missing []string
		for _, one := range live.Unreadable {
			if errors.As(one.Err, &late) {
				missing = append(missing, string(one.Kind))
				continue
			}
			env.warn(fmt.Sprintf("%s%s could not be read: %v", cluster, one.Kind, one.Err))
		}
		if len(missing) > 0 {
			env.warn(fmt.Sprintf("%s%v, so these kinds were not: %s", cluster, late, strings.Join(missing, ", ")))
		}
	}
}

// analyzeSourceRules are those for what cannot be read.
func analyzeSourceRules() []rule {
	return []rule{
		on(func(*load.FileError) verdict { return exits(exitInput) }),
		on(func(e *load.ChartError) verdict { return exits(exitInput, chartSourceHint(e)) }),
		on(func(e *NoKustomizeError) verdict {
			return exits(exitInput, fmt.Sprintf("install one of them, or render it where they are: 'kustomize build %s | meshctl analyze -'", e.Folder))
		}),
		on(func(*KustomizeError) verdict { return exits(exitInput) }),
		on(func(e *load.WatchError) verdict { return exits(exitFailed, watchHint(e)) }),
		on(func(*AnalyzeTimeoutError) verdict { return exits(exitPartial, "--timeout gives it more time") }),
	}
}

func watchHint(e *load.WatchError) string {
	if errors.Is(e, syscall.ENOSPC) || errors.Is(e, syscall.EMFILE) {
		return "the system watches no more folders for you: on Linux the limits are fs.inotify.max_user_watches and max_user_instances"
	}
	return ""
}

func chartSourceHint(e *load.ChartError) string {
	if len(e.Missing) > 0 {
		return fmt.Sprintf("'helm dependency build %s' fetches them", e.Chart)
	}
	return "--helm-values and --helm-set give a chart the values it needs"
}
