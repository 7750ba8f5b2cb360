// Package cli is the command line: one file per command, each of which turns
// flags into options, makes one call into the packages below, and prints what
// comes back.
//
// It is the only package that knows cobra and viper, and the only one that
// turns errors into exit codes and hints (errors.go). What commands need from
// outside comes in an Env; nothing here is global.
package cli

import (
	"context"
	"io"

	"github.com/meshctl/meshctl/internal/kube"
)

// Main runs one command line and returns the exit code. args starts with the
// name of the program, environ holds NAME=value pairs.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, environ []string) int {
	kube.Quiet()
	if len(args) == 0 {
		args = []string{programName}
	}
	env := newEnv(args[0], stdin, stdout, stderr, lookup(environ))
	root := NewRoot(env)
	root.SetArgs(withoutExperimental(args[1:]))
	return report(ctx, env, root.ExecuteContext(ctx))
}

// withoutExperimental lets istioctl's way of calling its newer commands work:
// what is "istioctl x check-inject" there is "check-inject" here.
func withoutExperimental(args []string) []string {
	if len(args) > 1 && (args[0] == "x" || args[0] == "experimental") {
		return args[1:]
	}
	return args
}
