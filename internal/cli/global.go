package cli

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/buildinfo"
	"github.com/meshctl/meshctl/internal/kube"
)

// Global is what the flags of every command say.
type Global struct {
	// The flags of kubectl, with its names and meanings.
	Kubeconfig     string
	Context        string
	Namespace      string
	As             string
	AsGroups       []string
	RequestTimeout time.Duration
	// IstioNamespace is where the control plane lives.
	IstioNamespace string
	// ConfigFile is the config file that was asked for; empty means the usual one.
	ConfigFile string
	// Quiet leaves out progress and warnings.
	Quiet bool
}

// defaultIstioNamespace is where Istio lives unless somebody says otherwise.
const defaultIstioNamespace = "istio-system"

// defaultRequestTimeout is longer than the slowest admission webhook may take,
// so that it only ends requests that would hang forever.
const defaultRequestTimeout = time.Minute

func (g *Global) bind(flags *pflag.FlagSet) {
	flags.StringVarP(&g.Kubeconfig, "kubeconfig", "c", "", "kubeconfig `file` (default: kubectl's rules)")
	flags.StringVar(&g.Context, "context", "", "kubeconfig `context` to use (default: the current one)")
	flags.StringVarP(&g.Namespace, "namespace", "n", "", "`namespace` to work in (default: that of the context)")
	flags.StringVarP(&g.IstioNamespace, "istio-namespace", "i", defaultIstioNamespace, "`namespace` of the control plane")
	flags.StringVar(&g.As, "as", "", "`user` to impersonate")
	flags.StringArrayVar(&g.AsGroups, "as-group", nil, "`group` to impersonate; may be repeated")
	g.RequestTimeout = defaultRequestTimeout
	flags.Var((*timeout)(&g.RequestTimeout), "request-timeout", "longest `time` to wait for one answer of the cluster, 0 for no limit")
	flags.StringVar(&g.ConfigFile, "config", "", "config `file` (default: $XDG_CONFIG_HOME/meshctl/config.yaml)")
	flags.BoolVarP(&g.Quiet, "quiet", "q", false, "print the answer and errors only")
}

func (g *Global) clusterOptions(env *Env) kube.Options {
	options := kube.Options{
		Kubeconfig:     g.Kubeconfig,
		Context:        g.Context,
		Namespace:      g.Namespace,
		As:             g.As,
		AsGroups:       g.AsGroups,
		RequestTimeout: g.RequestTimeout,
		UserAgent:      programName + "/" + buildinfo.Get().Version,
	}
	if !g.Quiet {
		options.OnWarning = env.warnOnce()
	}
	return options
}

// timeout is a duration that may be written the way kubectl takes it, as a
// bare number of seconds.
type timeout time.Duration

// String implements pflag.Value.
func (t *timeout) String() string {
	if *t == 0 {
		return "0"
	}
	return time.Duration(*t).String()
}

// Set implements pflag.Value.
func (t *timeout) Set(text string) error {
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		*t = timeout(time.Duration(seconds) * time.Second)
		return nil
	}
	duration, err := time.ParseDuration(text)
	if err != nil || duration < 0 {
		return errNotDuration
	}
	*t = timeout(duration)
	return nil
}

// Type implements pflag.Value.
func (t *timeout) Type() string { return "duration" }

// spelling accepts istioctl's spelling of a flag where it differs from ours.
func spelling(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch name {
	case "istioNamespace":
		name = "istio-namespace"
	case "skip-confirmation":
		name = "yes"
	case "readiness-timeout":
		name = "timeout"
	case "injectConfigFile":
		name = "inject-config"
	case "meshConfigFile":
		name = "mesh-config"
	case "valuesFile":
		name = "values"
	case "operatorFileName":
		name = "operator-file"
	case "injectConfigMapName":
		name = "inject-config-map"
	case "meshConfigMapName":
		name = "mesh-config-map"
	case "webhookConfig":
		name = "webhook-config"
	case "failure-threshold":
		name = "fail-on"
	case "analyzer":
		name = "check"
	case "list-analyzers":
		name = "list"
	}
	return pflag.NormalizedName(name)
}

// isGlobal tells whether a flag is one of those of every command.
func isGlobal(cmd *cobra.Command, flag *pflag.Flag) bool {
	return cmd.Root().PersistentFlags().Lookup(flag.Name) == flag
}
