package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/cli"
)

// TestFlagsAppearInScripts wants every flag of every command on a command line
// of some script, so that none is there that does nothing. A flag of every
// command may appear with any of them.
func TestFlagsAppearInScripts(t *testing.T) {
	root := cli.NewRoot(&cli.Env{})
	used := map[*pflag.Flag]bool{}
	for _, line := range commandLines(t) {
		// Found commands share the flags of every command, so these pointers tell them apart.
		command, args, err := root.Find(line)
		if err != nil {
			continue // a script about a command that does not exist
		}
		for _, arg := range args {
			if flag := flagOf(command, arg); flag != nil {
				used[flag] = true
			}
		}
	}
	var missing []string
	visit(root, func(command *cobra.Command) {
		command.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if !used[flag] {
				missing = append(missing, command.CommandPath()+" --"+flag.Name)
			}
		})
	})
	slices.Sort(missing)
	for _, flag := range missing {
		t.Errorf("no script has %s", flag)
	}
}

// invocation finds the arguments of the program in a line of a script.
var invocation = regexp.MustCompile(`\b(?:meshctl|kubectl-mesh) (.*)`)

func commandLines(t *testing.T) [][]string {
	t.Helper()
	scripts, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "-- ") {
				break // files follow
			}
			if found := invocation.FindStringSubmatch(line); found != nil && !strings.HasPrefix(line, "#") {
				lines = append(lines, strings.Fields(found[1]))
			}
		}
	}
	return lines
}

// flagOf is the flag that an argument sets, nil if it is none.
func flagOf(command *cobra.Command, arg string) *pflag.Flag {
	if name, ok := strings.CutPrefix(arg, "--"); ok {
		name, _, _ = strings.Cut(name, "=")
		return command.Flag(name)
	}
	if name, ok := strings.CutPrefix(arg, "-"); ok && name != "" {
		for _, flags := range []*pflag.FlagSet{command.LocalFlags(), command.InheritedFlags()} {
			if flag := flags.ShorthandLookup(name[:1]); flag != nil {
				return flag
			}
		}
	}
	return nil
}

func visit(command *cobra.Command, do func(*cobra.Command)) {
	do(command)
	for _, child := range command.Commands() {
		visit(child, do)
	}
}
