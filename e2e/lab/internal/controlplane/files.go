package controlplane

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"github.com/meshctl/meshctl/e2e/lab/internal/pki"
)

// folder is the one place a lab writes to. Everything in it is known by name here.
type folder string

func (f folder) path(elements ...string) string {
	return filepath.Join(append([]string{string(f)}, elements...)...)
}

func (f folder) kubeconfig() string      { return f.path("kubeconfig") }
func (f folder) log(name string) string  { return f.path("logs", name+".log") }
func (f folder) cert(name string) string { return f.path("pki", name+".crt") }
func (f folder) key(name string) string  { return f.path("pki", name+".key") }

// user is the kubeconfig of a component.
func (f folder) user(name string) string { return f.path("users", name+".kubeconfig") }

func (f folder) prepare() error {
	for _, name := range []string{"logs", "pki", "users", "etcd", "pod-logs"} {
		if err := os.MkdirAll(f.path(name), 0o755); err != nil {
			return fmt.Errorf("preparing folder: %w", err)
		}
	}
	return nil
}

func (f folder) writePair(name string, pair pki.Pair) error {
	if err := write(f.cert(name), pair.Certificate); err != nil {
		return err
	}
	return write(f.key(name), pair.Key)
}

func write(file string, content []byte) error {
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(file), err)
	}
	return nil
}

// kubeconfig holds its certificates itself, so that the file works wherever it is copied to.
func kubeconfig(server, user string, authority []byte, pair pki.Pair) []byte {
	return fmt.Appendf(nil, `apiVersion: v1
kind: Config
clusters:
- name: lab
  cluster:
    server: %s
    certificate-authority-data: %s
contexts:
- name: lab
  context:
    cluster: lab
    user: %s
current-context: lab
users:
- name: %s
  user:
    client-certificate-data: %s
    client-key-data: %s
`, server, base64.StdEncoding.EncodeToString(authority), user, user,
		base64.StdEncoding.EncodeToString(pair.Certificate), base64.StdEncoding.EncodeToString(pair.Key))
}
