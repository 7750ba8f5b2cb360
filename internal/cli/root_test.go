package cli

import (
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/manifests"
)

// What every command has to say of itself.
func TestCommands_DescribeThemselves(t *testing.T) {
	root := NewRoot(&Env{Assets: manifests.FS()})
	everyCommand(root, func(cmd *cobra.Command) {
		path := cmd.CommandPath()
		if short := cmd.Short; short == "" || strings.HasSuffix(short, ".") || !unicode.IsUpper(rune(short[0])) {
			t.Errorf("%s: its short text %q must begin in upper case and have no period", path, short)
		}
		if examples := strings.Count("\n"+cmd.Example, "\n  meshctl ") + strings.Count(cmd.Example, "$(meshctl ") + strings.Count(cmd.Example, "<(meshctl "); !cmd.HasSubCommands() && examples < 2 {
			t.Errorf("%s has %d examples, and should have two", path, examples)
		}
		if cmd.Parent() == root && cmd.GroupID == "" && cmd.Name() != "help" {
			t.Errorf("%s is in no group of the help", path)
		}
		if cmd != root && (cmd.PersistentPreRun != nil || cmd.PersistentPreRunE != nil) {
			t.Errorf("%s has a persistent hook, so that settings do not reach its flags", path)
		}
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.Usage == "" || strings.HasSuffix(flag.Usage, ".") {
				t.Errorf("%s --%s: its usage %q must be there and have no period", path, flag.Name, flag.Usage)
			}
		})
	})
}

// Two settings of one name could not be told apart in the environment.
func TestSettings_HaveVariablesOfTheirOwn(t *testing.T) {
	seen := map[string]string{"MESHCTL_CONFIG": "the config file"}
	root := NewRoot(&Env{Assets: manifests.FS()})
	everyCommand(root, func(cmd *cobra.Command) {
		for _, flag := range settable(cmd) {
			if cmd != root && isGlobal(cmd, flag) {
				continue
			}
			name := variableName(append(pathOf(cmd), flag.Name))
			if other, taken := seen[name]; taken {
				t.Errorf("%s is %s --%s and %s", name, cmd.CommandPath(), flag.Name, other)
			}
			seen[name] = cmd.CommandPath() + " --" + flag.Name
		}
	})
}

func everyCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, child := range cmd.Commands() {
		everyCommand(child, visit)
	}
}

func TestProgramOf(t *testing.T) {
	for arg0, want := range map[string]string{
		"/usr/local/bin/meshctl": "meshctl",
		"./meshctl-1.0":          "meshctl-1.0",
		"kubectl-mesh":           "kubectl mesh",
		"bin/kubectl-mesh.exe":   "kubectl mesh",
		"":                       "meshctl",
	} {
		if got := programOf(arg0); got != want {
			t.Errorf("programOf(%q) = %q, want %q", arg0, got, want)
		}
	}
}
