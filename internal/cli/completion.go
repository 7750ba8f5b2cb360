package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

const completionLong = `Print a script that lets a shell complete commands, flags, and the names of
namespaces, kubeconfig contexts and profiles.

  bash        source <(meshctl completion bash), in ~/.bashrc
  zsh         source <(meshctl completion zsh), in ~/.zshrc after compinit
  fish        meshctl completion fish > ~/.config/fish/completions/meshctl.fish
  powershell  meshctl completion powershell | Out-String | Invoke-Expression, in $PROFILE`

const completionExample = `  # in this bash, from now on
  source <(meshctl completion bash)

  # in every fish that is started after this
  meshctl completion fish > ~/.config/fish/completions/meshctl.fish`

func newCompletionCmd(env *Env) *cobra.Command {
	shells := []cobra.Completion{"bash", "fish", "powershell", "zsh"}
	return &cobra.Command{
		Use:         "completion bash|zsh|fish|powershell",
		Short:       "Print the completion script of a shell",
		Long:        completionLong,
		Example:     completionExample,
		Annotations: withoutSettings(),
		ValidArgs:   shells,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && slices.Contains(shells, args[0]) {
				return nil
			}
			return usageErrorf("%s takes one of bash, zsh, fish and powershell", cmd.CommandPath())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), env.IO.Out
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			}
			return root.GenPowerShellCompletionWithDesc(out)
		},
	}
}
