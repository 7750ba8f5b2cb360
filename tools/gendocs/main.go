// Command gendocs writes what meshctl's commands say of themselves in the forms
// that others read: Markdown for docs/reference, man pages and shell completions
// for releases. It also writes the reference of all settings, docs/values.md, and a page
// for each code of analyze.
//
// The same tree of commands always gives the same bytes: nothing written holds a
// date, a version or a path of the machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/meshctl/meshctl/internal/cli"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

func main() {
	err := run(os.Args[1:], os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "gendocs: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("gendocs", flag.ContinueOnError)
	flags.SetOutput(stderr)
	reference := flags.String("reference", "", "write a Markdown page for each command to this `directory`")
	man := flags.String("man", "", "write a man page for each command to this `directory`")
	completions := flags.String("completions", "", "write shell completions to this `directory`")
	values := flags.String("values", "", "write the reference of all settings to this `file`")
	checks := flags.String("checks", "", "write a page for each code of analyze, and an index, to this `directory`")
	check := flags.Bool("check", false, "write nothing; fail if a file is not what would be written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *reference+*man+*completions+*values+*checks == "" {
		flags.Usage()
		return errors.New("at least one directory or file is needed, and no argument")
	}
	root := cli.NewRoot(&cli.Env{})
	scripts, err := completionScripts(root)
	if err != nil {
		return err
	}
	codes, err := checkFiles()
	if err != nil {
		return err
	}
	pages := pagesOf(root)
	for _, output := range []struct {
		dir   string
		files files
	}{
		{*reference, markdownFiles(pages)},
		{*man, manFiles(pages)},
		{*completions, scripts},
		{*checks, codes},
	} {
		if output.dir == "" {
			continue
		}
		if err := output.files.put(output.dir, *check); err != nil {
			return err
		}
	}
	return putValues(*values, *check)
}

func putValues(name string, check bool) error {
	if name == "" {
		return nil
	}
	keys, err := profiles.Reference(manifests.FS())
	if err != nil {
		return err
	}
	page, err := valuesPage(keys)
	if err != nil {
		return err
	}
	return putFile(name, page, check)
}
