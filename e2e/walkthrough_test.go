package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestWalkthrough follows docs/walkthrough.md, command by command: all that
// stands in blocks of sh. Comments that begin with "lab:" are commands of a script
// that make up for what no lab has.
func TestWalkthrough(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a cluster")
	}
	page, err := os.ReadFile("../docs/walkthrough.md")
	if err != nil {
		t.Fatal(err)
	}
	script, commands := scriptOf(string(page))
	const fewest = 20
	if commands < fewest {
		t.Fatalf("the page has %d commands, which is hardly all of them", commands)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "walkthrough.txtar"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, params(dir, onLab(t)))
}

// scriptOf makes a script of the commands in a page.
func scriptOf(page string) (script string, commands int) {
	const fence, asScript, comment = "```", "```sh", "<!-- lab: "
	var lines []string
	inside := false
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, fence):
			inside = line == asScript
		case strings.HasPrefix(line, comment):
			lines = append(lines, strings.TrimSuffix(strings.TrimPrefix(line, comment), " -->"))
		case inside:
			commands++
			lines = append(lines, step(line, commands))
		}
	}
	return strings.Join(lines, "\n") + "\n", commands
}

// step runs a command to its end. A dashboard stays until somebody presses Ctrl-C.
func step(command string, number int) string {
	if !strings.HasPrefix(command, "meshctl dashboard ") {
		return "exec " + command
	}
	name := fmt.Sprintf("dashboard%d", number)
	return strings.Join([]string{
		fmt.Sprintf("exec %s --browser=false &%s&", command, name),
		"exec sleep 2",
		"kill -INT " + name,
		"wait " + name,
	}, "\n")
}
