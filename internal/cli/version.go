package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/buildinfo"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

const versionLong = `Print the version of this program and of the mesh it installs, and the versions
that run in the cluster.

Without --remote the cluster is given three seconds; if it does not answer,
that is said and the rest printed. With --remote it has to answer.`

const versionExample = `  # this program, the control plane and the proxies
  meshctl version

  # this program alone, without asking any cluster
  meshctl version --remote=false

  # the versions alone
  meshctl version --short`

type versionOptions struct {
	short  bool
	remote bool
	// must is set when the user asked for the cluster's versions in so many words.
	must   bool
	output ui.Format
}

func newVersionCmd(env *Env) *cobra.Command {
	var o versionOptions
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Show the versions of meshctl and of the mesh",
		Long:    versionLong,
		Example: versionExample,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.must = o.remote && cmd.Flags().Changed("remote")
			return runVersion(cmd.Context(), env, o)
		},
	}
	cmd.Flags().BoolVarP(&o.short, "short", "s", false, "print versions alone")
	cmd.Flags().BoolVar(&o.remote, "remote", true, "ask the cluster which versions run there")
	cmd.Flags().VarP(&o.output, "output", "o", "text, json or yaml")
	return cmd
}

func runVersion(ctx context.Context, env *Env, o versionOptions) error {
	installs, err := profiles.ReadVersions(env.Assets)
	if err != nil {
		return err
	}
	view := versionView{
		Client:   clientVersion{Info: buildinfo.Get(), MeshVersion: installs.Default},
		Installs: installs.Known,
		short:    o.short,
	}
	if o.remote {
		limit := briefly
		if o.must {
			limit = patiently
		}
		mesh, err := meshVersions(ctx, env, limit)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && o.must:
			return err
		case err != nil:
			env.warn("the versions in the cluster are not known: " + err.Error())
		}
		view.Mesh = mesh
	}
	return ui.Print(env.IO.Stdout(), o.output, view)
}

// How long a cluster may take to say what runs in it.
const (
	briefly   = 3 * time.Second
	patiently = 30 * time.Second
)

// meshVersions asks the cluster. What it has found out when something goes
// wrong is returned beside the error.
func meshVersions(ctx context.Context, env *Env, limit time.Duration) (*meshVersion, error) {
	cluster, err := env.Cluster()
	if err != nil {
		return nil, err
	}
	brief, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	mesh, err := findVersions(brief, cluster)
	if err != nil && brief.Err() != nil && ctx.Err() == nil {
		err = &kube.UnreachableError{
			Host: cluster.Host(), Context: cluster.Context(), Obstacle: kube.Timeout,
			Cause: fmt.Sprintf("no answer within %s", limit), Err: err,
		}
	}
	return mesh, err
}
