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
	const fewest = 45
	if commands < fewest {
		t.Fatalf("the page has %d commands, which is hardly all of them", commands)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "walkthrough.txtar"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, params(dir, onLab(t)))
}

// scriptOf makes a script of the commands in a page, an archive of txtar.
func scriptOf(page string) (script string, commands int) {
	const fence, asScript, comment = "```", "```sh", "<!-- lab: "
	var lines, files []string
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
			step, file := stepOf(line, commands)
			lines, files = append(lines, step), append(files, file)
		}
	}
	return strings.Join(lines, "\n") + "\n" + strings.Join(files, ""), commands
}

// stepOf runs a command to its end, by a shell where it takes one, which reads it
// from a file. A dashboard is opened, looked at and ended as Ctrl-C does.
func stepOf(command string, number int) (step, file string) {
	if strings.ContainsAny(command, "|>") {
		name := fmt.Sprintf("step%d.sh", number)
		return "exec sh -e " + name, fmt.Sprintf("-- %s --\n%s\n", name, command)
	}
	if dashboard, ok := strings.CutPrefix(command, "meshctl dashboard "); ok {
		return "exec opens " + dashboard, ""
	}
	return "exec " + command, ""
}
