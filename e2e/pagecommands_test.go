package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/cli"
)

// TestPages_NameCommandsThatThereAre reads README.md and the pages in docs: each
// command of meshctl in them is one, and so are its flags.
func TestPages_NameCommandsThatThereAre(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	const fewest = 100
	found := 0
	for _, page := range append(pages, "../README.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range commandsIn(string(text)) {
			found++
			if err := understood(command); err != nil {
				t.Errorf("%s: meshctl %s: %v", filepath.Base(page), command, err)
			}
		}
	}
	if found < fewest {
		t.Errorf("there are %d commands in all pages, which is hardly all of them", found)
	}
}

// commandsIn are what follows meshctl in the code of a page: in lines of blocks,
// and between backticks.
func commandsIn(page string) []string {
	const fence = "```"
	spans := regexp.MustCompile("`(?:[$] )?meshctl ([^`]+)`")
	lines := regexp.MustCompile(`^(?:[$] )?meshctl (.+)$`)
	var commands []string
	inside := false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, fence) {
			inside = !inside
			continue
		}
		pattern := spans
		if inside {
			pattern = lines
		}
		for _, match := range pattern.FindAllStringSubmatch(line, -1) {
			commands = append(commands, match[1])
		}
	}
	return commands
}

// understood reads a command line as the program does, and runs nothing.
func understood(line string) error {
	line, _, _ = strings.Cut(line, " | ")
	line, _, _ = strings.Cut(line, " \\| ") // in a table
	line, _, _ = strings.Cut(line, " >")
	line, _, _ = strings.Cut(line, " 2>")
	var args []string
	for _, word := range regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`).FindAllString(line, -1) {
		if word == "…" || word == "COMMAND" {
			break
		}
		args = append(args, strings.Trim(word, `'"`))
	}
	root := cli.NewRoot(&cli.Env{})
	command, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if command.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return fmt.Errorf("%s has no command %s", command.CommandPath(), rest[0])
	}
	return command.ParseFlags(rest)
}
