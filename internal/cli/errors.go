package cli

import (
	"context"
	"errors"
	"os/exec"

	"github.com/meshctl/meshctl/internal/analyze/revision"
	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/apply"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/samples"
	"github.com/meshctl/meshctl/internal/ui"
)

// The exit codes. Scripts rely on them: a number never changes its meaning, and
// is the same in every output format.
const (
	exitDone        = 0
	exitFailed      = 1
	exitPartial     = 2
	exitUsage       = 64
	exitInput       = 65
	exitUnreachable = 69
	exitDenied      = 77
	exitConfig      = 78
	exitFindings    = 79
	exitUnhealthy   = 80
	exitRefused     = 81
	exitInterrupted = 130
)

// statusError ends a command whose answer says everything already: nothing is
// printed, only the exit code is left to tell.
type statusError struct{ code int }

func (e *statusError) Error() string { return "the answer says what is wrong" }

// endedError ends a command that goes on until it is interrupted, with the exit
// code that it would have had by itself.
type endedError struct{ code int }

func (e *endedError) Error() string { return "the answer was given before" }

// The ways in which a command can work and still not end in 0.
var (
	errDifferences = &statusError{exitFailed}
	errPartial     = &statusError{exitPartial}
	errFindings    = &statusError{exitFindings}
)

// verdict is what the table has to say about an error.
type verdict struct {
	code  int
	hints []string
}

// rule is a row of the table. It gives a verdict on the errors it knows.
type rule func(error) (verdict, bool)

// on is the rule for errors that are or wrap a T.
func on[T error](judge func(T) verdict) rule {
	return func(err error) (verdict, bool) {
		if known, ok := errors.AsType[T](err); ok {
			return judge(known), true
		}
		return verdict{}, false
	}
}

// anyOf is the rules of another table, which is read only when it comes to them.
func anyOf(table func() []rule) rule {
	return func(err error) (verdict, bool) {
		for _, rule := range table() {
			if found, ok := rule(err); ok {
				return found, true
			}
		}
		return verdict{}, false
	}
}

// is is the rule for errors that are or wrap target.
func is(target error, code int, hints ...string) rule {
	return func(err error) (verdict, bool) { return verdict{code, hints}, errors.Is(err, target) }
}

// exits is a verdict for a rule.
func exits(code int, hints ...string) verdict { return verdict{code, hints} }

// rules is the table. The first row that knows an error decides, so an error
// that wraps another stands above it.
func rules() []rule {
	return []rule{
		on(func(e *statusError) verdict { return exits(e.code) }),
		on(func(e *UsageError) verdict { return exits(exitUsage, usageHints(e)...) }),
		on(func(*ui.NotTerminalError) verdict { return exits(exitUsage, "--yes answers without asking") }),
		on(func(e *SettingError) verdict { return exits(exitConfig, settingHints(e)...) }),
		on(func(e *samples.UnknownError) verdict { return exits(exitUsage, sampleHints(e)...) }),
		on(func(e *profiles.UnknownProfileError) verdict { return exits(inputCode(e), e.Hint()) }),
		on(func(e *profiles.UnknownVersionError) verdict { return exits(exitUsage, e.Hint()) }),
		on(func(e *profiles.InputError) verdict { return exits(inputCode(e), e.Hint) }),
		on(func(*InputFileError) verdict { return exits(exitInput) }),
		anyOf(analyzeSourceRules),
		on(func(*revision.NoRepositoryError) verdict {
			return exits(exitUsage, "--new-since asks git how files were: run it inside the repository")
		}),
		on(func(e *revision.UnknownError) verdict { return exits(exitUsage, revisionHints(e)...) }),
		on(func(*revision.OutsideError) verdict { return exits(exitUsage) }),
		is(exec.ErrNotFound, exitUsage, "--new-since needs git on the PATH"),
		on(func(e *render.ChartError) verdict { return exits(exitInput, chartHints(e)...) }),
		on(func(*object.SyntaxError) verdict { return exits(exitInput) }),
		on(func(*inject.ObjectError) verdict { return exits(exitInput) }),
		on(func(*inject.TemplateError) verdict { return exits(exitInput) }),
		on(func(e *NoInjectorError) verdict { return exits(exitFailed, noInjectorHints(e)...) }),
		on(func(e *NotFoundTargetError) verdict { return exits(exitFailed, targetHints(e)...) }),
		on(func(*render.SettingsError) verdict { return exits(exitInput) }),
		anyOf(chartRules),
		anyOf(imageRules),

		// A change that was under way did something, whatever then stopped it.
		on(func(e *apply.UnhealthyError) verdict { return exits(exitUnhealthy, unhealthyHints(e)...) }),
		on(func(e *apply.StepError) verdict { return exits(exitFailed, judge(e.Err).hints...) }),

		on(func(e *install.ConflictsError) verdict { return exits(exitRefused, conflictsHints(e)...) }),
		on(func(e *install.InUseError) verdict { return exits(exitRefused, inUseHints(e)...) }),
		on(func(e *plan.UnservedKindError) verdict { return exits(exitRefused, unservedKindHints(e)...) }),
		on(func(*install.OutdatedPlanError) verdict {
			return exits(exitRefused, "nothing was changed; run the command again to see what is left to do")
		}),
		on(func(e *install.RightsError) verdict { return exits(exitDenied, rightsHints(e)...) }),
		on(func(e *noMeshError) verdict { return exits(exitFailed, noMeshHints(e)...) }),
		on(func(e *install.NotInstalledError) verdict { return exits(exitFailed, notInstalledHints(e)...) }),
		anyOf(dashboardRules),

		anyOf(trafficRules),
		on(func(e *kube.ConfigError) verdict { return exits(exitUnreachable, kubeconfigHints(e)...) }),
		on(func(e *kube.UnreachableError) verdict { return exits(exitUnreachable, unreachableHints(e)...) }),
		on(func(e *kube.ForbiddenError) verdict { return exits(exitDenied, forbiddenHints(e)...) }),
		on(func(e *kube.DeniedError) verdict { return exits(exitFailed, deniedHints(e)...) }),
		on(func(e *kube.WebhookError) verdict { return exits(exitFailed, webhookHints(e)...) }),
		on(func(e *kube.UnknownKindError) verdict { return exits(exitFailed, unknownKindHints(e)...) }),
		on(func(e *kube.MissingNamespaceError) verdict {
			return exits(exitFailed, "kubectl create namespace "+e.Namespace)
		}),
		on(func(*kube.GroupUnavailableError) verdict {
			return exits(exitFailed, "'kubectl get apiservices' shows which server is asked for these kinds, and why it is not available")
		}),
		on(func(*kube.LockLostError) verdict {
			return exits(exitFailed, "another change may be under way; 'meshctl status' tells what is there now")
		}),
		is(context.DeadlineExceeded, exitPartial, "--request-timeout gives the cluster more time for each answer"),
	}
}

// inputCode tells input that came by a flag from input that came by a file.
func inputCode(e interface{ Usage() bool }) int {
	if e.Usage() {
		return exitUsage
	}
	return exitInput
}

// judge looks an error up in the table.
func judge(err error) verdict {
	for _, rule := range rules() {
		if found, ok := rule(err); ok {
			return found
		}
	}
	return exits(exitFailed)
}

// report prints what is wrong and what to do about it, and returns the exit code.
func report(ctx context.Context, env *Env, err error) int {
	if err == nil {
		return exitDone
	}
	if ended, ok := errors.AsType[*endedError](err); ok {
		return ended.code
	}
	// Nothing but a signal ends the context of Main.
	if ctx.Err() != nil {
		stderr := env.IO.Stderr()
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		ui.Failure(stderr, env.program(), err)
		return exitInterrupted
	}
	env.tellErrors(err, newOnce())
	return judge(err).code
}

// tellErrors prints what is wrong and what to do about it, if it is fresh.
func (e *Env) tellErrors(err error, fresh func(text string) bool) {
	stderr := e.IO.Stderr()
	for _, part := range split(err) {
		if _, silent := errors.AsType[*statusError](part); silent || !fresh("error: "+part.Error()) {
			continue
		}
		ui.Failure(stderr, e.program(), part)
		for _, hint := range judge(part).hints {
			if hint != "" && fresh(hint) {
				ui.Hint(stderr, e.named(hint))
			}
		}
	}
}

// split takes errors apart that were joined and not wrapped since.
func split(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	// fmt.Errorf with several %w looks the same, but has a text of its own.
	if errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return []error{err}
	}
	var parts []error
	for _, part := range joined.Unwrap() {
		parts = append(parts, split(part)...)
	}
	return parts
}
