// Package kwok tells kwok how to play the kubelets: the stages that a pod and a node go through, and the
// custom resources by which a test says where a pod's ports and logs really are. It only makes documents.
package kwok

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"sigs.k8s.io/kwok/kustomize/crd"
)

// The stages, and the partials: pieces of their templates that several of them share.
//
//go:embed stages/*.yaml partials/*.tmpl
var files embed.FS

// failure is the jq expression which says how a pod is meant to fail; every pod stage selects by it. An
// image that no registry can have fails the pull whatever the annotation says.
const failure = `if any((.spec.initContainers // [])[], .spec.containers[]; .image | startswith("registry.invalid/"))` +
	` then "image-pull" else (.metadata.annotations["lab.meshctl.dev/fail"] // "none") end`

// Definition is a custom resource definition that kwok is to watch.
type Definition struct {
	Kind   string
	Plural string
	YAML   []byte
}

// Definitions are the kinds a test may create: for all pods of a namespace (Cluster…) or for one pod.
func Definitions() []Definition {
	return []Definition{
		{"ClusterPortForward", "clusterportforwards", crd.ClusterPortForward},
		{"PortForward", "portforwards", crd.PortForward},
		{"ClusterLogs", "clusterlogs", crd.ClusterLogs},
		{"Logs", "logs", crd.Logs},
		{"ClusterExec", "clusterexecs", crd.ClusterExec},
		{"Exec", "execs", crd.Exec},
	}
}

// Kinds lists the definitions the way kwok's flag wants them.
func Kinds() string {
	var kinds []string
	for _, d := range Definitions() {
		kinds = append(kinds, d.Kind)
	}
	return strings.Join(kinds, ",")
}

// Stages is kwok's configuration file.
func Stages() ([]byte, error) {
	names, err := fs.Glob(files, "stages/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing stages: %w", err)
	}
	var out strings.Builder
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading stage: %w", err)
		}
		stage, err := expand(string(content))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		out.WriteString("---\n" + strings.ReplaceAll(stage, "${failure}", failure))
	}
	return []byte(out.String()), nil
}

// expand puts a partial in the place of every line `<name>`, indented like that line: kwok's templates
// cannot include one another.
func expand(stage string) (string, error) {
	var out strings.Builder
	for line := range strings.Lines(stage) {
		name := strings.TrimSpace(line)
		if !strings.HasPrefix(name, "<") || !strings.HasSuffix(name, ">") {
			out.WriteString(line)
			continue
		}
		content, err := files.ReadFile("partials/" + strings.Trim(name, "<>") + ".tmpl")
		if err != nil {
			return "", fmt.Errorf("reading partial: %w", err)
		}
		indent := line[:strings.Index(line, "<")]
		for piece := range strings.Lines(string(content)) {
			out.WriteString(indent + piece)
		}
	}
	return out.String(), nil
}
