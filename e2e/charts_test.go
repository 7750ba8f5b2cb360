package e2e_test

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/meshctl/meshctl/internal/charts/chartstest"
)

// charts publishes charts to scripts.
//
//	charts serve DIR...
//
// serves the chart in each directory, by TLS and to those with the password
// only, as a Helm repository at $REPOSITORY and in an OCI registry at $REGISTRY;
// $HOST is the server of both, and ca.pem the authority to trust.
//
//	charts login PASSWORD
//
// has Helm's files in helm/ say whom to trust, and this password.
func charts(ts *testscript.TestScript, neg bool, args []string) {
	switch {
	case !neg && len(args) > 1 && args[0] == "serve":
		serveCharts(ts, args[1:])
	case !neg && len(args) == 2 && args[0] == "login":
		loginToCharts(ts, args[1])
	default:
		ts.Fatalf("usage: charts serve DIR... | charts login PASSWORD")
	}
}

func serveCharts(ts *testscript.TestScript, directories []string) {
	var archives []chartstest.Archive
	for _, directory := range directories {
		files := map[string]string{}
		root := os.DirFS(ts.MkAbs(directory))
		ts.Check(fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(root, path)
			files[path] = string(text)
			return err
		}))
		archive, err := chartstest.Pack(files)
		ts.Check(err)
		archives = append(archives, archive)
	}
	server, err := chartstest.Publish(archives, nil)
	ts.Check(err)
	ts.Defer(server.Close)
	ts.Setenv("HOST", server.Host())
	ts.Setenv("REPOSITORY", server.Repository())
	ts.Setenv("REGISTRY", server.Registry())
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), server.Authority(), 0o600))
}

func loginToCharts(ts *testscript.TestScript, password string) {
	ts.Check(os.MkdirAll(ts.MkAbs("helm"), 0o755))
	repositories := fmt.Sprintf("repositories:\n- {name: mirror, url: %q, username: %q, password: %q, caFile: %q}\n",
		ts.Getenv("REPOSITORY"), chartstest.User, password, filepath.ToSlash(ts.MkAbs("ca.pem")))
	ts.Check(os.WriteFile(ts.MkAbs("helm/repositories.yaml"), []byte(repositories), 0o600))
	auth := base64.StdEncoding.EncodeToString([]byte(chartstest.User + ":" + password))
	registries := fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, ts.Getenv("HOST"), auth)
	ts.Check(os.WriteFile(ts.MkAbs("helm/registry.json"), []byte(registries), 0o600))
}
