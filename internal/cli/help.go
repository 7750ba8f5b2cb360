package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// newHelpCmd is "help COMMAND" for those who do not type --help.
func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:         "help [COMMAND]",
		Short:       "Tell more about a command",
		Example:     "  meshctl help version\n\n  meshctl help config view",
		Annotations: withoutSettings(),
		Args:        cobra.ArbitraryArgs,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			topic, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []cobra.Completion
			for _, child := range topic.Commands() {
				if child.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(child.Name(), child.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			topic := cmd.Root()
			for _, word := range args {
				next := childOf(topic, word)
				if next == nil {
					return &UsageError{
						Command: topic.CommandPath(),
						Near:    profiles.Near(word, commandNames(topic)),
						Err:     fmt.Errorf("unknown command %q", topic.CommandPath()+" "+word),
					}
				}
				topic = next
			}
			return topic.Help()
		},
	}
}

func childOf(cmd *cobra.Command, name string) *cobra.Command {
	for _, child := range cmd.Commands() {
		if child.Name() == name || child.HasAlias(name) {
			return child
		}
	}
	return nil
}

// printHelp writes the help of a command. The flags of every command are shown
// at the root only, so that those of a command are found among them.
func printHelp(env *Env, cmd *cobra.Command) {
	w := env.IO.Stdout()
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	fmt.Fprintln(w, env.named(strings.TrimSpace(about)))

	section(w, "Usage", "  "+useLine(cmd)+"\n")
	if len(cmd.Aliases) > 0 {
		section(w, "Also known as", "  "+strings.Join(cmd.Aliases, ", ")+"\n")
	}
	for _, group := range cmd.Groups() {
		section(w, group.Title, listCommands(env, cmd, group.ID))
	}
	section(w, "Commands", listCommands(env, cmd, ""))
	section(w, "Examples", env.named(strings.TrimRight(cmd.Example, "\n"))+"\n")
	if !cmd.HasParent() {
		section(w, "Flags of every command", listFlags(w, cmd.PersistentFlags()))
		fmt.Fprintf(w, "\n'%s COMMAND --help' tells more about a command.\n", cmd.CommandPath())
		return
	}
	section(w, "Flags", listFlags(w, cmd.LocalFlags()))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n'%s COMMAND --help' tells more about a command.\n", cmd.CommandPath())
		return
	}
	fmt.Fprintf(w, "\n'%s --help' lists the flags of every command, such as --context.\n", cmd.Root().CommandPath())
}

// section writes a titled block, or nothing if there is nothing in it.
func section(w ui.Writer, title, text string) {
	if strings.TrimSpace(text) != "" {
		fmt.Fprintf(w, "\n%s\n%s", w.Theme.Heading.Render(title+":"), text)
	}
}

// useLine is how to type a command. Use holds the arguments after the name.
func useLine(cmd *cobra.Command) string {
	_, args, _ := strings.Cut(cmd.Use, " ")
	if cmd.HasAvailableSubCommands() {
		args = "COMMAND"
	}
	line := cmd.CommandPath()
	if args != "" {
		line += " " + args
	}
	return line + " [flags]"
}

// listCommands lists the commands of a group; "" is those without one.
func listCommands(env *Env, cmd *cobra.Command, group string) string {
	width := 0
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			width = max(width, len(child.Name()))
		}
	}
	var text strings.Builder
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() && child.GroupID == group && child.Name() != "help" {
			fmt.Fprintf(&text, "  %-*s   %s\n", width, child.Name(), child.Short)
		}
	}
	return env.named(text.String())
}

func listFlags(w ui.Writer, flags *pflag.FlagSet) string {
	shown := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "help" {
			shown.AddFlag(flag)
		}
	})
	return shown.FlagUsagesWrapped(w.Width)
}
