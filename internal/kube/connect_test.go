package kube_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/meshctl/meshctl/internal/kube"
)

func TestConnect_ReadsTheKubeconfig(t *testing.T) {
	config := clientcmdapi.NewConfig()
	config.Clusters["c"] = &clientcmdapi.Cluster{Server: "https://c.example:6443"}
	config.AuthInfos["u"] = &clientcmdapi.AuthInfo{Token: "t"}
	config.Contexts["one"] = &clientcmdapi.Context{Cluster: "c", AuthInfo: "u", Namespace: "mesh"}
	config.Contexts["two"] = &clientcmdapi.Context{Cluster: "c", AuthInfo: "u"}
	config.CurrentContext = "one"
	path := writeConfig(t, config)

	for _, test := range []struct {
		options            kube.Options
		context, namespace string
	}{
		{kube.Options{}, "one", "mesh"},
		{kube.Options{Context: "two"}, "two", "default"},
		{kube.Options{Namespace: "other"}, "one", "other"},
	} {
		test.options.Kubeconfig = path
		cluster, err := kube.Connect(test.options)
		if err != nil {
			t.Fatal(err)
		}
		if cluster.Context() != test.context || cluster.Namespace() != test.namespace || cluster.Host() != "https://c.example:6443" {
			t.Errorf("Connect(%+v): %s, %s, %s", test.options, cluster.Context(), cluster.Namespace(), cluster.Host())
		}
	}

	if contexts, err := kube.Contexts(kube.Options{Kubeconfig: path}); err != nil || !slices.Equal(contexts, []string{"one", "two"}) {
		t.Errorf("Contexts: %v, %v", contexts, err)
	}

	// KUBECONFIG is a list, of which files may be missing.
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none")+string(filepath.ListSeparator)+path)
	if cluster, err := kube.Connect(kube.Options{}); err != nil || cluster.Context() != "one" {
		t.Errorf("Connect with KUBECONFIG: %v", err)
	}
}

func TestConnect_TellsWhatIsWrongWithTheKubeconfig(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("KUBECONFIG", "")
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("clusters: 7"), 0o600); err != nil {
		t.Fatal(err)
	}
	valid := kubeconfigFor(t, clientcmdapi.Cluster{Server: "https://c.example"})
	undecided := clientcmdapi.NewConfig()
	undecided.Contexts["a"] = &clientcmdapi.Context{}
	for name, test := range map[string]struct {
		options kube.Options
		want    []string
	}{
		"none":            {kube.Options{}, []string{"no kubeconfig there"}},
		"missing":         {kube.Options{Kubeconfig: "/no/such/file"}, []string{"/no/such/file", "no such file"}},
		"broken":          {kube.Options{Kubeconfig: broken}, []string{broken}},
		"unknown context": {kube.Options{Kubeconfig: valid, Context: "prod"}, []string{`no context "prod"`, "known: test"}},
		"no context":      {kube.Options{Kubeconfig: writeConfig(t, undecided)}, []string{"no current context", "known: a"}},
		"no user":         {kube.Options{Kubeconfig: valid, AsGroups: []string{"g"}}, []string{"together with a user"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kube.Connect(test.options)
			var config *kube.ConfigError
			if !errors.As(err, &config) {
				t.Fatalf("Connect: %v, want a ConfigError", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if test.options.Context != "" && !slices.Equal(config.Known, []string{"test"}) {
				t.Errorf("known = %v", config.Known)
			}
		})
	}
}

func TestVersion_TellsWhyTheClusterIsOutOfReach(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	stranger := httptest.NewTLSServer(http.NotFoundHandler())
	defer stranger.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, 401, "Unauthorized") }))
	defer plain.Close()

	server := func(url string) string { return kubeconfigFor(t, clientcmdapi.Cluster{Server: url}) }
	plugin := clientcmdapi.NewConfig()
	plugin.Clusters["c"] = &clientcmdapi.Cluster{Server: stranger.URL, InsecureSkipTLSVerify: true}
	plugin.AuthInfos["u"] = &clientcmdapi.AuthInfo{Exec: &clientcmdapi.ExecConfig{
		Command: "no-such-login-tool", APIVersion: "client.authentication.k8s.io/v1", InteractiveMode: clientcmdapi.NeverExecInteractiveMode,
	}}
	plugin.Contexts["x"] = &clientcmdapi.Context{Cluster: "c", AuthInfo: "u"}
	plugin.CurrentContext = "x"

	for name, test := range map[string]struct {
		kubeconfig string
		obstacle   kube.Obstacle
		cause      string
	}{
		"refused":     {server("https://" + closed.Addr().String()), kube.Refused, "connection refused"},
		"authority":   {server(stranger.URL), kube.Certificate, "unknown authority"},
		"not TLS":     {server("https://" + plain.Listener.Addr().String()), kube.Certificate, "does not speak TLS"},
		"credentials": {server(plain.URL), kube.Credentials, "not accepted"},
		"plugin":      {writeConfig(t, plugin), kube.Credentials, "no-such-login-tool"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, err := kube.Connect(kube.Options{Kubeconfig: test.kubeconfig})
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err = cluster.Version(t.Context())
			var unreachable *kube.UnreachableError
			if !errors.As(err, &unreachable) {
				t.Fatalf("Version: %v, want an UnreachableError", err)
			}
			if unreachable.Obstacle != test.obstacle || !strings.Contains(unreachable.Cause, test.cause) {
				t.Errorf("obstacle %s, cause %q; want %s, %q", unreachable.Obstacle, unreachable.Cause, test.obstacle, test.cause)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("took %s", took)
			}
			t.Log(err)
		})
	}
}
