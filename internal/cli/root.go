package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// The groups under which help lists commands, in its order.
const (
	groupInstall   = "install"
	groupLook      = "look"
	groupConfigure = "configure"
)

const rootLong = `meshctl puts an Istio service mesh on a Kubernetes cluster and looks after it.

It shows what a change will do before it does it, waits until the mesh is
healthy, and can go back.`

const rootExample = `  # what would be installed, and what is there already
  meshctl install --dry-run

  # which versions run in the cluster of another kubeconfig context
  meshctl version --context production`

// NewRoot returns the tree of commands. Nothing is read and nobody is called
// before one of them runs, so documentation can be made from an empty Env.
func NewRoot(env *Env) *cobra.Command {
	root := &cobra.Command{
		Use:           strings.ReplaceAll(env.program(), " ", "-"),
		Short:         "Install an Istio service mesh and look after it",
		Long:          rootLong,
		Example:       rootExample,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: env.program()},
		SilenceErrors: true,
		SilenceUsage:  true,
		// Commands have no such hook of their own: it would replace this one.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return configure(env, cmd) },
	}
	if env.IO != nil {
		root.SetIn(env.IO.In)
		root.SetOut(env.IO.Out)
		root.SetErr(env.IO.Err)
	}
	env.Global.bind(root.PersistentFlags())
	completeGlobals(env, root)
	root.AddGroup(
		&cobra.Group{ID: groupInstall, Title: "Install"},
		&cobra.Group{ID: groupLook, Title: "Look"},
		&cobra.Group{ID: groupConfigure, Title: "Configure"},
	)
	add(root, groupInstall,
		newInstallCmd(env),
		newUninstallCmd(env),
		newManifestCmd(env),
		newProfileCmd(env),
		newInjectCmd(env), newUninjectCmd(env),
		newImagesCmd(env),
		newAddonCmd(env), newSampleCmd(env),
	)
	add(root, groupLook,
		newAnalyzeCmd(env),
		newPrecheckCmd(env),
		newStatusCmd(env),
		newCheckInjectCmd(env),
		newDashboardCmd(env),
		newStatCmd(env), newTopCmd(env), newMetricsCmd(env),
		newEdgesCmd(env), newGraphCmd(env),
		newVersionCmd(env),
	)
	add(root, groupConfigure,
		newConfigCmd(env),
		newCompletionCmd(env),
	)
	root.SetHelpCommand(newHelpCmd())
	root.InitDefaultHelpCmd()
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { printHelp(env, cmd) })
	root.SetFlagErrorFunc(flagError)
	root.SetGlobalNormalizationFunc(spelling)
	finish(env, root)
	return root
}

func add(parent *cobra.Command, group string, commands ...*cobra.Command) {
	for _, command := range commands {
		command.GroupID = group
		parent.AddCommand(command)
	}
}

// finish gives every command what it has in common with the others.
func finish(env *Env, cmd *cobra.Command) {
	if !cmd.Runnable() {
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		cmd.Args = noSuchCommand
	}
	cmd.Args = usageArgs(cmd.Args)
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return about(cmd, run(cmd, args)) }
	}
	cmd.DisableFlagsInUseLine = true
	completeChoices(env, cmd)
	for _, child := range cmd.Commands() {
		finish(env, child)
	}
}
