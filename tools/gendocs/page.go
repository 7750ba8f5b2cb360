package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is all there is to say about one command.
type page struct {
	Path     string // "meshctl manifest generate"
	Usage    string
	Short    string
	Text     string
	Examples string
	Aliases  []string
	Commands []group
	// Flags are those of this command; the root's are those of every command.
	Flags  []option
	Root   bool
	Parent *page
}

// group is a list of commands under a title, which may be empty.
type group struct {
	Title    string
	Commands []*page
}

// option is a flag as a reader sees it.
type option struct {
	Short, Name, Value string
	Meaning, Default   string
}

// pagesOf lists the pages of cmd and of all below it that help shows, parents first.
func pagesOf(cmd *cobra.Command) []*page {
	var pages []*page
	var visit func(*cobra.Command, *page) *page
	visit = func(cmd *cobra.Command, parent *page) *page {
		p := newPage(cmd, parent)
		pages = append(pages, p)
		for _, title := range titles(cmd) {
			var listed []*page
			for _, child := range cmd.Commands() {
				if child.IsAvailableCommand() && child.Name() != "help" && child.GroupID == title.ID {
					listed = append(listed, visit(child, p))
				}
			}
			if len(listed) > 0 {
				p.Commands = append(p.Commands, group{title.Title, listed})
			}
		}
		return p
	}
	visit(cmd, nil)
	return pages
}

// titles are the groups of a command's children and, last, the group of those in none.
func titles(cmd *cobra.Command) []*cobra.Group {
	return append(slices.Clone(cmd.Groups()), &cobra.Group{})
}

func newPage(cmd *cobra.Command, parent *page) *page {
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	p := &page{
		Path:     cmd.CommandPath(),
		Usage:    usage(cmd),
		Short:    cmd.Short,
		Text:     strings.TrimSpace(text),
		Examples: unindent(cmd.Example),
		Aliases:  cmd.Aliases,
		Root:     parent == nil,
		Parent:   parent,
	}
	cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden && flag.Deprecated == "" && flag.Name != "help" {
			p.Flags = append(p.Flags, newOption(flag))
		}
	})
	return p
}

func usage(cmd *cobra.Command) string {
	_, args, _ := strings.Cut(cmd.Use, " ")
	if cmd.HasAvailableSubCommands() {
		args = "COMMAND"
	}
	return strings.Join(strings.Fields(cmd.CommandPath()+" "+args+" [flags]"), " ")
}

func newOption(flag *pflag.Flag) option {
	value, meaning := pflag.UnquoteUsage(flag)
	o := option{Short: flag.Shorthand, Name: flag.Name, Value: value, Meaning: meaning}
	// What pflag, too, thinks is not worth saying.
	if !slices.Contains([]string{"", "false", "0", "0s", "[]"}, flag.DefValue) {
		o.Default = flag.DefValue
	}
	return o
}

// unindent takes away the two blanks by which help sets examples off.
func unindent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}

// block is a paragraph of a text, or lines that are to stay as they are.
type block struct {
	verbatim bool
	text     string
}

// blocks takes a help text apart. Lines that are indented stand as they are.
func blocks(text string) []block {
	var found []block
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		verbatim := strings.HasPrefix(paragraph, "  ")
		if verbatim {
			paragraph = unindent(paragraph)
		}
		last := len(found) - 1
		if verbatim && last >= 0 && found[last].verbatim {
			found[last].text += "\n\n" + paragraph
			continue
		}
		found = append(found, block{verbatim, paragraph})
	}
	return found
}
