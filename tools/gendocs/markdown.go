package main

import (
	"fmt"
	"strings"
)

const generatedMarkdown = "<!-- Generated from the commands by `make generate`; do not edit. -->\n\n"

func markdownFiles(pages []*page) files {
	written := files{}
	for _, p := range pages {
		written[markdownName(p)] = []byte(markdown(p))
	}
	return written
}

func markdownName(p *page) string { return strings.ReplaceAll(p.Path, " ", "_") + ".md" }

func markdown(p *page) string {
	var b strings.Builder
	b.WriteString(generatedMarkdown)
	fmt.Fprintf(&b, "# %s\n\n", p.Path)
	for _, part := range blocks(p.Text) {
		if part.verbatim {
			fmt.Fprintf(&b, "```text\n%s\n```\n\n", part.text)
			continue
		}
		b.WriteString(plain(part.text) + "\n\n")
	}
	fmt.Fprintf(&b, "```text\n%s\n```\n", p.Usage)
	if len(p.Aliases) > 0 {
		fmt.Fprintf(&b, "\nAlso known as: `%s`.\n", strings.Join(p.Aliases, "`, `"))
	}
	if p.Examples != "" {
		fmt.Fprintf(&b, "\n## Examples\n\n```sh\n%s\n```\n", p.Examples)
	}
	markdownCommands(&b, p)
	markdownFlags(&b, p)
	if p.Parent != nil {
		fmt.Fprintf(&b, "\nPart of [%s](%s).\n", p.Parent.Path, markdownName(p.Parent))
	}
	return b.String()
}

func markdownCommands(b *strings.Builder, p *page) {
	if len(p.Commands) > 0 {
		b.WriteString("\n## Commands\n")
	}
	for _, group := range p.Commands {
		if group.Title != "" {
			fmt.Fprintf(b, "\n### %s\n", group.Title)
		}
		b.WriteString("\n| command | |\n|---|---|\n")
		for _, child := range group.Commands {
			fmt.Fprintf(b, "| [%s](%s) | %s |\n", child.Path, markdownName(child), cell(child.Short))
		}
	}
}

func markdownFlags(b *strings.Builder, p *page) {
	if len(p.Flags) == 0 {
		return
	}
	title := "Flags"
	if p.Root {
		title = "Flags of every command"
	}
	fmt.Fprintf(b, "\n## %s\n\n| flag | meaning | default |\n|---|---|---|\n", title)
	for _, flag := range p.Flags {
		spelling := "--" + flag.Name
		if flag.Short != "" {
			spelling = "-" + flag.Short + ", " + spelling
		}
		if flag.Value != "" {
			spelling += " " + flag.Value
		}
		value := ""
		if flag.Default != "" {
			value = "`" + flag.Default + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", bars(spelling), cell(flag.Meaning), bars(value))
	}
}

// plain keeps Markdown from reading marks into a text.
func plain(text string) string {
	return strings.NewReplacer("<", "&lt;", "*", `\*`).Replace(text)
}

// cell is plain text inside a table.
func cell(text string) string { return bars(strings.ReplaceAll(plain(text), "\n", " ")) }

// bars keeps the bars in a text from ending a cell of a table, even within code.
func bars(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
