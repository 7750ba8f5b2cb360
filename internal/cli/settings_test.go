package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/ui"
)

// tree is a root with one command that has flags of the kinds cobra has rules about.
func tree(t *testing.T, config string, variables map[string]string) (*cobra.Command, *cobra.Command) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	streams, _, _ := ui.Test(ui.Device{})
	env := &Env{IO: streams, Getenv: func(name string) string { return variables[name] }}
	root := NewRoot(env)
	env.Global.ConfigFile = file
	work := &cobra.Command{Use: "work", RunE: func(*cobra.Command, []string) error { return nil }}
	work.Flags().String("name", "", "")
	work.Flags().StringSlice("item", nil, "")
	work.Flags().Bool("fast", false, "")
	work.Flags().Bool("thorough", false, "")
	work.MarkFlagsMutuallyExclusive("fast", "thorough")
	if err := work.MarkFlagRequired("name"); err != nil {
		t.Fatal(err)
	}
	root.AddCommand(work)
	return root, work
}

func run(t *testing.T, root *cobra.Command, args ...string) error {
	t.Helper()
	root.SetArgs(args)
	return root.ExecuteContext(t.Context())
}

func TestSettings_CountAsGiven(t *testing.T) {
	root, _ := tree(t, "", nil)
	if err := run(t, root, "work"); judge(err).code != exitUsage || !strings.Contains(err.Error(), `"name"`) {
		t.Errorf("without a required flag: %v", err)
	}
	root, work := tree(t, "work: {name: ann}", nil)
	if err := run(t, root, "work"); err != nil || !work.Flags().Changed("name") {
		t.Errorf("with the required flag in the file: %v", err)
	}
	root, _ = tree(t, "", map[string]string{"MESHCTL_WORK_NAME": "ann"})
	if err := run(t, root, "work"); err != nil {
		t.Errorf("with the required flag in the environment: %v", err)
	}
}

func TestSettings_YieldToATypedFlagThatExcludesThem(t *testing.T) {
	root, work := tree(t, "work: {name: ann, fast: true}", nil)
	if err := run(t, root, "work", "--thorough"); err != nil || work.Flags().Changed("fast") {
		t.Errorf("a typed flag lost against the file: %v", err)
	}
	root, _ = tree(t, "work: {name: ann, fast: true, thorough: true}", nil)
	if err := run(t, root, "work"); judge(err).code != exitUsage {
		t.Errorf("both in the file: %v", err)
	}
}

func TestSettings_PreferTheCommandAndTheHigherLayer(t *testing.T) {
	const config = "namespace: file\nwork: {name: ann, namespace: file-work, item: [a, 'b,c']}\nas: &me somebody\ncontext: *me\n"
	for _, test := range []struct {
		name, want string
		variables  map[string]string
		args       []string
	}{
		{name: "file", want: "file-work"},
		{name: "environment", want: "env", variables: map[string]string{"MESHCTL_NAMESPACE": "env"}},
		{name: "environment for the command", want: "env-work", variables: map[string]string{"MESHCTL_NAMESPACE": "env", "MESHCTL_WORK_NAMESPACE": "env-work"}},
		{name: "flag", want: "flag", variables: map[string]string{"MESHCTL_NAMESPACE": "env"}, args: []string{"-n", "flag"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			root, work := tree(t, config, test.variables)
			if err := run(t, root, append([]string{"work"}, test.args...)...); err != nil {
				t.Fatal(err)
			}
			if got := work.Flag("namespace").Value.String(); got != test.want {
				t.Errorf("namespace is %q, want %q", got, test.want)
			}
			if got := work.Flag("item").Value.String(); got != "[a,b,c]" {
				t.Errorf("item is %s", got)
			}
			if got := work.Flag("context").Value.String(); got != "somebody" {
				t.Errorf("an alias came to %q", got)
			}
		})
	}
}

func TestVariable_TakesALineForEachValue(t *testing.T) {
	root, work := tree(t, "work: {name: ann}", map[string]string{"MESHCTL_AS_GROUP": "one,two\nthree\n"})
	if err := run(t, root, "work"); err != nil {
		t.Fatal(err)
	}
	if got := valueOf(work.Flag("as-group")); got != "one,two, three" {
		t.Errorf("as-group is %q", got)
	}
}

func TestTagOf(t *testing.T) {
	for image, want := range map[string]string{
		"registry.istio.io/release/proxyv2:1.30.3":   "1.30.3",
		"localhost:5000/proxyv2":                     "latest",
		"localhost:5000/proxyv2:1.30.3@sha256:abcd":  "1.30.3",
		"registry.istio.io/release/proxyv2@sha256:a": "sha256:a",
		"auto": "latest",
	} {
		if got := tagOf(image); got != want {
			t.Errorf("tagOf(%q) = %q, want %q", image, got, want)
		}
	}
}
