package main

import (
	"fmt"
	"strings"
)

func manFiles(pages []*page) files {
	written := files{}
	for _, p := range pages {
		written[manName(p)+".1"] = []byte(man(p))
	}
	return written
}

func manName(p *page) string { return strings.ReplaceAll(p.Path, " ", "-") }

// man writes a page in the man macros of roff. The date is left empty, so that
// the page changes only when the command does.
func man(p *page) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".\\\" Generated from the commands by gendocs; do not edit.\n")
	fmt.Fprintf(&b, ".TH \"%s\" \"1\" \"\" \"meshctl\" \"meshctl manual\"\n", roff(strings.ToUpper(manName(p))))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(p)), roff(p.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(p.Usage))
	b.WriteString(".SH DESCRIPTION\n")
	for i, part := range blocks(p.Text) {
		switch {
		case part.verbatim:
			b.WriteString(verbatim(part.text))
		case i > 0:
			fmt.Fprintf(&b, ".PP\n%s\n", roff(part.text))
		default:
			fmt.Fprintf(&b, "%s\n", roff(part.text))
		}
	}
	for _, group := range p.Commands {
		fmt.Fprintf(&b, ".SH %s\n", roff(strings.ToUpper(strings.TrimSpace(group.Title+" commands"))))
		for _, child := range group.Commands {
			fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", roff(manName(child)), roff(child.Short))
		}
	}
	manFlags(&b, p)
	if p.Examples != "" {
		b.WriteString(".SH EXAMPLES\n" + verbatim(p.Examples))
	}
	if p.Parent != nil {
		fmt.Fprintf(&b, ".SH SEE ALSO\n.BR %s (1)\n", roff(manName(p.Parent)))
	}
	return b.String()
}

func manFlags(b *strings.Builder, p *page) {
	if len(p.Flags) == 0 {
		return
	}
	title := "OPTIONS"
	if p.Root {
		title = "OPTIONS OF EVERY COMMAND"
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	for _, flag := range p.Flags {
		spelling := `\fB` + roff("--"+flag.Name) + `\fP`
		if flag.Short != "" {
			spelling = `\fB` + roff("-"+flag.Short) + `\fP, ` + spelling
		}
		if flag.Value != "" {
			spelling += ` \fI` + roff(flag.Value) + `\fP`
		}
		meaning := flag.Meaning
		if flag.Default != "" {
			meaning += " (default " + flag.Default + ")"
		}
		fmt.Fprintf(b, ".TP\n%s\n%s\n", spelling, roff(meaning))
	}
}

func verbatim(text string) string {
	return ".PP\n.RS 4\n.nf\n" + roff(text) + "\n.fi\n.RE\n"
}

// roff keeps roff from reading requests and escapes into a text.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
