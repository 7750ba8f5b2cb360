package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

func tree() *cobra.Command {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "meshctl", Short: "Do all of it"}
	root.AddGroup(&cobra.Group{ID: "first", Title: "First"})
	root.PersistentFlags().StringP("output", "o", "text", "`format`: text|json")
	install := &cobra.Command{
		Use: "install [NAME]", Short: "Install it", GroupID: "first", Run: run,
		Long:    "Install it, for <you>:\n\n  one: 1\n\n  two: 2\n\nThat is all.",
		Example: "  meshctl install\n\n  meshctl install .",
	}
	install.Flags().Bool("dry-run", false, "only look")
	install.Flags().Bool("old", false, "not shown")
	_ = install.Flags().MarkHidden("old")
	root.AddCommand(install, &cobra.Command{Use: "secret", Hidden: true, Run: run}, &cobra.Command{Use: "zap", Short: "Zap it", Run: run})
	return root
}

func TestMarkdown_ShowsWhatHelpShows(t *testing.T) {
	written := markdownFiles(pagesOf(tree()))
	want := generatedMarkdown + strings.ReplaceAll(`# meshctl install

Install it, for &lt;you>:

'''text
one: 1

two: 2
'''

That is all.

'''text
meshctl install [NAME] [flags]
'''

## Examples

'''sh
meshctl install

meshctl install .
'''

## Flags

| flag | meaning | default |
|---|---|---|
| '--dry-run' | only look |  |

Part of [meshctl](meshctl.md).
`, "'", "`")
	if diff := cmp.Diff(want, string(written["meshctl_install.md"])); diff != "" {
		t.Error(diff)
	}
	root := string(written["meshctl.md"])
	for _, part := range []string{"### First\n", "| [meshctl zap](meshctl_zap.md) | Zap it |", "| `-o, --output format` | format: text\\|json | `text` |"} {
		if !strings.Contains(root, part) {
			t.Errorf("%q is missing in\n%s", part, root)
		}
	}
	if _, ok := written["meshctl_secret.md"]; ok {
		t.Error("a hidden command has a page")
	}
}

func TestMan_EscapesWhatRoffWouldRead(t *testing.T) {
	page := string(manFiles(pagesOf(tree()))["meshctl-install.1"])
	for _, part := range []string{".TH \"MESHCTL\\-INSTALL\" \"1\"", "\\fB\\-\\-dry\\-run\\fP\nonly look\n", ".nf\none: 1\n\ntwo: 2\n.fi"} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is missing in\n%s", part, page)
		}
	}
	if got, want := roff(".so x\n'quoted'\n\\fB"), "\\&.so x\n\\&'quoted'\n\\efB"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRun_WritesWhatItChecksAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	args := []string{"-reference", filepath.Join(dir, "reference"), "-man", filepath.Join(dir, "man"), "-completions", filepath.Join(dir, "completions")}
	check := func() error { return run(append([]string{"-check"}, args...), io.Discard) }
	if err := run(args, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := check(); err != nil {
		t.Error(err)
	}
	old := filepath.Join(dir, "reference", "old.md")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := check(); err == nil || !strings.Contains(err.Error(), "old.md") {
		t.Errorf("a page of no command: %v", err)
	}
	if err := run(args, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := check(); err != nil {
		t.Error(err)
	}
}
