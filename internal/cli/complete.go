package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// candidates finds what a word may be completed to. An error is as good as
// nothing found: a shell in the middle of a line has no place for it.
type candidates func(ctx context.Context) ([]cobra.Completion, error)

// completeFlag lets a shell complete the values of a flag.
func completeFlag(env *Env, cmd *cobra.Command, flag string, find candidates) {
	// It fails for a flag that does not exist or is completed already, which
	// every test that builds the tree finds.
	if err := cmd.RegisterFlagCompletionFunc(flag, complete(env, find)); err != nil {
		panic(fmt.Sprintf("completing %s of %s: %v", flag, cmd.Name(), err))
	}
}

func complete(env *Env, find candidates) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		// The context to ask may be in the config file; a broken one is not our concern here.
		_ = applySettings(env, cmd)
		found, err := find(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeProfiles completes the named flag with the built-in profiles.
func completeProfiles(env *Env, cmd *cobra.Command, flag string) {
	completeFlag(env, cmd, flag, func(context.Context) ([]cobra.Completion, error) { return profileNames(env), nil })
}

// profileNames are the built-in profiles, for a shell to show.
func profileNames(env *Env) []cobra.Completion {
	summaries, err := profiles.List(env.Assets)
	if err != nil {
		return nil
	}
	names := make([]cobra.Completion, len(summaries))
	for i, summary := range summaries {
		names[i] = cobra.CompletionWithDesc(summary.Name, summary.Description)
	}
	return names
}

// namespaces asks the cluster, but not for long: somebody has pressed a key and waits.
func namespaces(env *Env) candidates {
	return func(ctx context.Context) ([]cobra.Completion, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		cluster, err := env.Cluster()
		if err != nil {
			return nil, err
		}
		found, err := cluster.List(ctx, schema.GroupKind{Kind: "Namespace"}, object.Query{})
		if err != nil {
			return nil, err
		}
		names := make([]cobra.Completion, len(found))
		for i, namespace := range found {
			names[i] = namespace.GetName()
		}
		return names, nil
	}
}

// contexts are those of the kubeconfig.
func contexts(env *Env) candidates {
	return func(context.Context) ([]cobra.Completion, error) {
		return kube.Contexts(env.Global.clusterOptions(env))
	}
}

func words(known []string) candidates {
	return func(context.Context) ([]cobra.Completion, error) { return known, nil }
}

// completeGlobals completes the flags of every command.
func completeGlobals(env *Env, root *cobra.Command) {
	completeFlag(env, root, "context", contexts(env))
	completeFlag(env, root, "namespace", namespaces(env))
	completeFlag(env, root, "istio-namespace", namespaces(env))
}

// completeChoices completes those flags of cmd that take one of a few words.
func completeChoices(env *Env, cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if _, done := cmd.GetFlagCompletionFunc(flag.Name); done {
			return
		}
		switch value := flag.Value.(type) {
		case *ui.Format:
			completeFlag(env, cmd, flag.Name, words(value.Allowed()))
		case *ui.ProgressMode:
			completeFlag(env, cmd, flag.Name, words(ui.ProgressModes()))
		}
	})
}
