package kube

import (
	"errors"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/client-go/util/connrotation"
)

// inCluster names the context of a process that runs in a pod of the cluster.
const inCluster = "in-cluster"

// target is what a kubeconfig and the options come to.
type target struct {
	path      string
	context   string
	namespace string
	config    *rest.Config
}

// load finds the cluster by the rules of kubectl: an explicit file, else the
// files of KUBECONFIG merged, else the one in the home directory, else the
// service account of the pod.
func load(options Options) (target, error) {
	if options.As == "" && len(options.AsGroups) > 0 {
		// client-go would ignore the groups and act with all rights of the user.
		return target{}, &ConfigError{Path: options.Kubeconfig, Err: errors.New("groups can be impersonated only together with a user")}
	}
	rules := rulesOf(options)
	overrides := &clientcmd.ConfigOverrides{CurrentContext: options.Context}
	overrides.Context.Namespace = options.Namespace
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)

	found := target{path: looked(rules)}
	raw, err := loader.RawConfig()
	if err != nil {
		return target{}, &ConfigError{Path: found.path, Err: err}
	}
	if found.context, err = chooseContext(raw, options.Context); err != nil {
		return target{}, atPath(err, found.path)
	}
	if found.config, err = loader.ClientConfig(); err != nil {
		return target{}, &ConfigError{Path: found.path, Err: plainConfigError(err)}
	}
	if found.namespace, _, err = loader.Namespace(); err != nil {
		return target{}, &ConfigError{Path: found.path, Err: err}
	}
	shape(found.config, options)
	return found, nil
}

// Contexts lists the contexts of the kubeconfig that the options lead to, sorted.
func Contexts(options Options) ([]string, error) {
	rules := rulesOf(options)
	raw, err := rules.Load()
	if err != nil {
		return nil, &ConfigError{Path: looked(rules), Err: err}
	}
	return slices.Sorted(maps.Keys(raw.Contexts)), nil
}

func rulesOf(options Options) *clientcmd.ClientConfigLoadingRules {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = options.Kubeconfig
	rules.WarnIfAllMissing = false
	return rules
}

// looked lists the files that the rules lead to.
func looked(rules *clientcmd.ClientConfigLoadingRules) string {
	return strings.Join(rules.GetLoadingPrecedence(), string(filepath.ListSeparator))
}

// chooseContext says which context is meant, so that a name that is not there
// is reported with those that are.
func chooseContext(raw clientcmdapi.Config, asked string) (string, error) {
	known := slices.Sorted(maps.Keys(raw.Contexts))
	name := asked
	if name == "" {
		name = raw.CurrentContext
	}
	switch {
	case name == "" && len(known) > 0:
		return "", &ConfigError{Known: known, Err: errors.New("no current context is set")}
	case name == "":
		return inCluster, nil
	case raw.Contexts[name] == nil:
		return "", &ConfigError{Context: name, Known: known}
	}
	return name, nil
}

func atPath(err error, path string) error {
	if config, ok := errors.AsType[*ConfigError](err); ok {
		config.Path = path
	}
	return err
}

// plainConfigError drops client-go's advice about a variable that nobody uses.
func plainConfigError(err error) error {
	if clientcmd.IsEmptyConfig(err) {
		return errors.New("no kubeconfig there, and this is no pod of a cluster")
	}
	return err
}

// shape sets what does not come from the kubeconfig.
func shape(config *rest.Config, options Options) {
	// Priority and fairness in the API server does the throttling.
	config.QPS, config.Burst = -1, -1
	// A timeout here would end watches too; see Cluster.do.
	config.Timeout = 0
	if options.UserAgent != "" {
		config.UserAgent = options.UserAgent
	}
	if options.As != "" || len(options.AsGroups) > 0 {
		config.Impersonate = rest.ImpersonationConfig{UserName: options.As, Groups: options.AsGroups}
	}
	config.WarningHandler = warnings(options.OnWarning)
}

// track keeps the connections that requests use in sight. All of them go through
// one, and without that it takes client-go most of a minute to see that it leads
// nowhere any more.
func track(config *rest.Config) *connrotation.ConnectionTracker {
	const patience = 30 * time.Second // client-go's own
	dial := config.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: patience, KeepAlive: patience}).DialContext
	}
	connections := connrotation.NewConnectionTracker()
	config.Dial = connrotation.NewDialerWithTracker(dial, connections).DialContext
	return connections
}

// warnings hands the API server's warnings on.
type warnings func(string)

// HandleWarningHeader implements rest.WarningHandler.
func (w warnings) HandleWarningHeader(code int, _ string, text string) {
	const miscellaneous = 299 // the only code the API server sends
	if w != nil && code == miscellaneous && text != "" {
		w(text)
	}
}
