// Command gendocs writes what meshctl's commands say of themselves in the forms
// that others read: Markdown for docs/reference, man pages and shell completions
// for releases.
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
	check := flags.Bool("check", false, "write nothing; fail if a file is not what would be written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *reference+*man+*completions == "" {
		flags.Usage()
		return errors.New("at least one directory is needed, and no argument")
	}
	root := cli.NewRoot(&cli.Env{})
	scripts, err := completionScripts(root)
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
	} {
		if output.dir == "" {
			continue
		}
		if err := output.files.put(output.dir, *check); err != nil {
			return err
		}
	}
	return nil
}
