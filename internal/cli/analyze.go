package cli

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/ui"
)

type analyzeOptions struct {
	paths         []string
	useKube       bool
	allNamespaces bool
	complete      bool
	ignoreUnknown bool
	meshConfig    string
	meshNetworks  string
	revision      string
	timeout       time.Duration
	checks, skips []string
	failOn        threshold
	show          threshold
	suppress      []string
	helm          load.Helm
	contexts      []string
	remotes       []string
	output        ui.Format
	list          bool
	explain       string
	baseline      string
	rebase        bool
	fix, diff     bool
	newSince      string
	from          string
	rules         string
	watches       bool
	verbose       bool
	color         bool
	// opened are the clusters that a watch keeps open; nil opens them anew.
	opened func() ([]*liveSource, error)
}

func newAnalyzeCmd(env *Env) *cobra.Command {
	o := analyzeOptions{
		failOn: threshold{analyze.Error}, show: threshold{analyze.Info},
		timeout: 2 * time.Minute, output: ui.NewFormat(output.Log, output.Formats()...),
	}
	cmd := &cobra.Command{
		Use:   "analyze [FILE|DIRECTORY|CHART|URL|-]...",
		Short: "Look for mistakes in the configuration of a mesh",
		Long: `Look for mistakes in the configuration of a mesh: in files, in a cluster, or in
a cluster as it would be with the files applied.

Without arguments the cluster is analysed. With files, folders (and all below
them), URLs or - for standard input, these are, and no cluster is asked;
--use-kube lays them over the cluster. Charts are rendered, and so are folders
with a kustomization, by the kustomize or kubectl on the PATH. All namespaces are
looked at unless -n names one.

Among files, what is not there may still exist elsewhere: a finding that depends
on that is only counted, unless --complete says that the files are all there is.

The exit code is 79 if something is found that is as bad as --fail-on says, in
every format; 65 if a file cannot be read, 2 if a kind of objects cannot. With
--watch it is that of the last look, when Ctrl-C ends it.`,
		Example: `  # what is in a folder, all that is bad or might be
  meshctl analyze deploy/ --fail-on warning

  # the cluster, and what it would be with a file applied
  meshctl analyze
  meshctl analyze --use-kube new-route.yaml

  # while files are edited: what is new, and what is gone
  meshctl analyze deploy/ --watch

  # what can be fixed without a thought: see it, do it
  meshctl analyze deploy/ --diff
  meshctl analyze deploy/ --fix

  # a chart with its values, a kustomization, and two clusters of one mesh
  meshctl analyze charts/shop --helm-values prod.yaml --helm-set replicas=3
  meshctl analyze overlays/prod
  meshctl analyze --contexts east,west

  # one check only, and what its code means
  meshctl analyze deploy/ --check IST0101
  meshctl analyze --explain IST0101`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.settle(env, cmd, args)
			return runAnalyze(cmd.Context(), env, o)
		},
	}
	o.bind(env, cmd)
	return cmd
}

// settle takes what is not said by one flag alone.
func (o *analyzeOptions) settle(env *Env, cmd *cobra.Command, args []string) {
	o.paths = args
	flags := cmd.Flags()
	if !flags.Changed("use-kube") {
		o.useKube = len(args) == 0 || o.several()
	}
	if flags.Changed("color") {
		env.IO.UseColor(o.color)
	}
	if flags.Changed("recursive") {
		env.warn("--recursive changes nothing: folders are always read with all below them")
	}
}

func (o *analyzeOptions) bind(env *Env, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVarP(&o.useKube, "use-kube", "k", false, "analyse the cluster, with the files laid over it (default: if there are no files)")
	flags.BoolVarP(&o.allNamespaces, "all-namespaces", "A", false, "look at all namespaces, also if a setting names one")
	flags.BoolVar(&o.complete, "complete", false, "the files are all there is: what is not in them does not exist")
	flags.BoolVar(&o.ignoreUnknown, "ignore-unknown", false, "do not fail for files that cannot be read")
	flags.StringVar(&o.meshConfig, "mesh-config", "", "`file` with mesh configuration, to use instead of that of the cluster")
	flags.StringVar(&o.meshNetworks, "mesh-networks", "", "`file` with mesh networks, to use instead of those of the cluster")
	flags.StringVarP(&o.revision, "revision", "r", "", "control plane `revision` whose configuration counts")
	flags.DurationVar(&o.timeout, "timeout", o.timeout, "longest `time` to read the cluster or URLs, 0 for no limit; then what was read is analysed")
	o.bindSources(env, cmd)
	o.bindForms(cmd)
	flags.StringSliceVar(&o.checks, "check", nil, "run these `checks` only: names, codes, or patterns of them such as 'IST01*'")
	flags.StringSliceVar(&o.skips, "skip", nil, "leave these `checks` out: names, codes or patterns")
	flags.Var(&o.failOn, "fail-on", "least `severity` that makes the exit code 79: Info, Warning, Error or Never")
	flags.StringArrayVarP(&o.suppress, "suppress", "S", nil, "do not report `CODE=RESOURCE`, as in 'IST0102=Namespace shop' or 'IST01*=* shop/*'; may be repeated")
	flags.StringVar(&o.rules, "rules", "", "`file` with what to check and suppress (default: the nearest .meshctl.yaml, here or above)")
	flags.StringVar(&o.baseline, "baseline", "", "`file` with findings that are known: only others are reported")
	flags.BoolVar(&o.rebase, "update-baseline", false, "write all findings into the file of --baseline instead")
	flags.StringVar(&o.newSince, "new-since", "", "report only what was not found in the files as of a git `revision`; 'main...' is where main was left")
	flags.BoolVar(&o.fix, "fix", false, "change the files so that findings go away, where a fix is safe")
	flags.BoolVar(&o.diff, "diff", false, "print what --fix would change instead, and change nothing")
	flags.BoolVarP(&o.list, "list", "L", false, "list the checks and their codes instead")
	flags.StringVar(&o.explain, "explain", "", "print what a `code` means instead: cause, effect, fix; or what led to the finding with this fingerprint")
	for _, flag := range []string{"check", "skip", "explain"} {
		completeFlag(env, cmd, flag, words(suite.Names()))
	}
}

// bindForms adds the flags that say how findings are told.
func (o *analyzeOptions) bindForms(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVarP(&o.watches, "watch", "w", false, "look again whenever the files or the cluster change, and tell what is new and what is gone, until interrupted")
	flags.VarP(&o.output, "output", "o", "format of the findings: "+strings.Join(output.Formats(), ", "))
	flags.Var(&o.show, "output-threshold", "least `severity` to show: Info, Warning or Error")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "also say which files were read, and which checks ran")
	flags.BoolVar(&o.color, "color", false, "use colours also where there is no terminal; --color=false uses none (default: on a terminal)")
	flags.BoolP("recursive", "R", true, "read folders with all below them")
	_ = flags.MarkHidden("recursive") // there is such a flag
}

func runAnalyze(ctx context.Context, env *Env, o analyzeOptions) error {
	switch {
	case o.list:
		return listChecks(env)
	case fingerprints.MatchString(o.explain):
		return explainFinding(ctx, env, o)
	case o.explain != "":
		return explainCode(env, o.explain)
	}
	if err := o.agree(); err != nil {
		return err
	}
	// Nearly all that is read is kept to the end. A heap that may double before it is
	// looked through would take much more memory, one that hardly may much more time.
	const growth = 50
	defer debug.SetGCPercent(debug.SetGCPercent(growth))
	if o.watches {
		return o.watch(ctx, env)
	}
	a, err := o.prepare(ctx, env)
	if err != nil {
		return err
	}
	if err := a.look(ctx); err != nil {
		return err
	}
	if o.rebase {
		return o.writeBaseline(env, a.found)
	}
	if o.fix || o.diff {
		if err := a.repair(ctx); err != nil {
			return err
		}
	}
	if !o.diff {
		if err := a.print(); err != nil {
			return err
		}
	}
	a.tell()
	return a.verdict()
}

// agree refuses flags that make no sense together.
func (o *analyzeOptions) agree() error {
	if o.watches {
		if err := o.watchable(); err != nil {
			return err
		}
	}
	switch {
	case o.baseline == "" && o.rebase:
		return usageErrorf("--update-baseline needs --baseline, the file to write")
	case o.rebase && (o.fix || o.diff):
		return usageErrorf("--update-baseline writes findings down, and --fix takes them away: use one after the other")
	}
	if o.newSince != "" {
		if err := o.comparable(); err != nil {
			return err
		}
	}
	if o.fix || o.diff {
		return o.fixable()
	}
	return nil
}

// namespace is the one whose findings to show; empty for all.
func (o *analyzeOptions) namespace(env *Env) string {
	if o.allNamespaces {
		return ""
	}
	return env.Global.Namespace
}

// threshold is a severity as a flag.
type threshold struct{ analyze.Severity }

// never is worse than anything.
const never = analyze.Error + 1

// String implements pflag.Value.
func (t *threshold) String() string {
	if t.Severity == never {
		return "Never"
	}
	return t.Severity.String()
}

// Set implements pflag.Value.
func (t *threshold) Set(text string) error {
	for _, severity := range []analyze.Severity{analyze.Info, analyze.Warning, analyze.Error} {
		if strings.EqualFold(text, severity.String()) {
			t.Severity = severity
			return nil
		}
	}
	if strings.EqualFold(text, "never") {
		t.Severity = never
		return nil
	}
	return errors.New("must be Info, Warning, Error or Never")
}

// Type implements pflag.Value.
func (t *threshold) Type() string { return "severity" }
