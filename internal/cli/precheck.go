package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/ui"
)

const precheckLong = `Look for what keeps a mesh from being installed in a cluster, or upgraded: rights
that the user does not have, a version of Kubernetes or of the Gateway API that
does not fit, annotations that the next version may read differently.

With --from-version it also looks for what an upgrade from that version changes.

The exit code is 79 if something is found that is as bad as --fail-on says, the
same in every format. The checks are among those of analyze, and run there too
when --check names them.`

const precheckExample = `  # before an installation
  meshctl precheck

  # before an upgrade
  meshctl precheck --from-version 1.28

  # for those who look after the mesh and not after the cluster
  meshctl precheck --skip-controlplane -o json`

type precheckOptions struct {
	analyzeOptions
	skipControlPlane bool
}

func newPrecheckCmd(env *Env) *cobra.Command {
	o := precheckOptions{analyzeOptions: analyzeOptions{
		useKube: true, failOn: threshold{analyze.Warning}, show: threshold{analyze.Warning},
		timeout: 2 * time.Minute, output: ui.NewFormat(output.Log, output.Formats()...),
	}}
	cmd := &cobra.Command{
		Use:     "precheck",
		Short:   "Look for what keeps a mesh from being installed or upgraded",
		Long:    precheckLong,
		Example: precheckExample,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runPrecheck(cmd.Context(), env, o) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&o.from, "from-version", "f", "", "`version` of Istio that the cluster has now, to find what an upgrade changes")
	flags.BoolVar(&o.skipControlPlane, "skip-controlplane", false, "do not look at what installing a control plane takes, only at what is in the mesh")
	flags.StringVarP(&o.revision, "revision", "r", "", "control plane `revision` whose configuration counts")
	flags.DurationVar(&o.timeout, "timeout", o.timeout, "longest `time` to read the cluster, 0 for no limit")
	flags.Var(&o.failOn, "fail-on", "least `severity` that makes the exit code 79: Info, Warning, Error or Never")
	flags.Var(&o.show, "output-threshold", "least `severity` to show: Info, Warning or Error")
	flags.VarP(&o.output, "output", "o", "format of the findings: "+strings.Join(output.Formats(), ", "))
	return cmd
}

func runPrecheck(ctx context.Context, env *Env, o precheckOptions) error {
	o.checks = []string{"alphaannotation", "gatewayversion", "kubernetesversion", "permission"}
	if o.skipControlPlane {
		o.checks = o.checks[:1]
	}
	if o.from != "" {
		if _, err := semver.NewVersion(o.from); err != nil {
			return usageErrorf("invalid value %q for --from-version: must be a version of Istio such as 1.28 or 1.28.4", o.from)
		}
		o.checks = append(o.checks, "upgrade")
	}
	const growth = 50 // see analyze
	defer debug.SetGCPercent(debug.SetGCPercent(growth))
	a, err := o.prepare(ctx, env)
	if err != nil {
		return err
	}
	if err := a.look(ctx); err != nil {
		return err
	}
	if err := a.print(); err != nil {
		return err
	}
	a.tell()
	if n := hiddenBelow(a.found.Findings, o.show.Severity); n > 0 && !env.Global.Quiet {
		ui.Hint(env.IO.Stderr(), env.named(fmt.Sprintf("%s not shown: --output-threshold Info shows all", counted(n, "lesser finding is", "lesser findings are"))))
	}
	return a.verdict()
}

// hiddenBelow counts the findings that a threshold does not show.
func hiddenBelow(findings []analyze.Finding, least analyze.Severity) int {
	n := 0
	for _, f := range findings {
		if f.Severity < least {
			n++
		}
	}
	return n
}
