package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/profiles"
)

// errNotDuration is what is wrong with the text of a time flag.
var errNotDuration = errors.New("must be a time such as 30s or 5m")

// UsageError is a command line that makes no sense. Nothing was done.
type UsageError struct {
	// Command is the command as typed, "meshctl install"; the table of errors
	// points to its help. It may be empty.
	Command string
	// Near are the words that the user may have meant.
	Near []string
	Err  error
}

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// usageErrorf is a UsageError; which command it is about is found out by
// whoever runs the command.
func usageErrorf(format string, args ...any) error {
	return &UsageError{Err: fmt.Errorf(format, args...)}
}

// asUsage makes a UsageError of an error that is none yet.
func asUsage(cmd *cobra.Command, err error) error {
	if _, known := errors.AsType[*UsageError](err); err == nil || known {
		return about(cmd, err)
	}
	return &UsageError{Command: cmd.CommandPath(), Err: err}
}

// about names the command in a UsageError that does not.
func about(cmd *cobra.Command, err error) error {
	if usage, ok := errors.AsType[*UsageError](err); ok && usage.Command == "" {
		usage.Command = cmd.CommandPath()
	}
	return err
}

// usageArgs makes what a check of arguments finds a UsageError.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	if check == nil {
		check = noArgs
	}
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if fromCobra := cobra.NoArgs(cmd, args); err != nil && fromCobra != nil && err.Error() == fromCobra.Error() {
			// What cobra says of an argument too many sounds as if it was a command.
			err = noArgs(cmd, args)
		}
		return asUsage(cmd, err)
	}
}

// noArgs is the check of commands that take flags only.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageErrorf("%s takes no arguments, got %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// noSuchCommand is the check of commands that only group others.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &UsageError{
		Command: cmd.CommandPath(),
		Near:    profiles.Near(args[0], commandNames(cmd)),
		Err:     fmt.Errorf("unknown command %q", cmd.CommandPath()+" "+args[0]),
	}
}

// commandNames are the names under which the commands below cmd are known.
func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			names = append(names, child.Name())
			names = append(names, child.Aliases...)
			names = append(names, child.SuggestFor...)
		}
	}
	return names
}

// flagError puts what the flag parser says in our words.
func flagError(cmd *cobra.Command, err error) error {
	usage := &UsageError{Command: cmd.CommandPath(), Err: err}
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
		missing *pflag.ValueRequiredError
	)
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if group := unknown.GetSpecifiedShortnames(); group != "" {
			usage.Err = fmt.Errorf("unknown flag -%s", name)
			break
		}
		usage.Err = fmt.Errorf("unknown flag --%s", name)
		for _, near := range profiles.Near(name, flagNames(cmd)) {
			usage.Near = append(usage.Near, "--"+near)
		}
	case errors.As(err, &invalid):
		usage.Err = fmt.Errorf("invalid value %q for --%s: %w", invalid.GetValue(), invalid.GetFlag().Name, plainCause(invalid.Unwrap()))
	case errors.As(err, &missing):
		usage.Err = fmt.Errorf("--%s needs a value", missing.GetFlag().Name)
	}
	return usage
}

// plainCause replaces what strconv says by what was expected.
func plainCause(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "strconv.ParseBool"):
		return errors.New("must be true or false")
	case strings.Contains(text, "strconv.Parse"), strings.Contains(text, "strconv.Atoi"):
		return errors.New("must be a number")
	case strings.HasPrefix(text, "time: "):
		return errNotDuration
	}
	return err
}

// flagNames are the flags that may be given to cmd.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden {
			names = append(names, flag.Name)
		}
	})
	slices.Sort(names)
	return names
}
