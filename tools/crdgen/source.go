package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// source is a Go module that carries CRDs as YAML.
type source struct {
	module string
	glob   string // the files with CRDs, below the module's root
	dir    string // where the generated files go, below -out
}

func sources() []source {
	return []source{
		{module: "istio.io/api", glob: "kubernetes/customresourcedefinitions.gen.yaml", dir: "istio"},
		{module: "sigs.k8s.io/gateway-api", glob: "config/crd/standard/*.yaml", dir: "gateway-api"},
	}
}

// module is what `go mod download -json` tells of one module.
type module struct {
	Version string
	Dir     string
	Error   string
}

// generate adds the source's CRDs to files.
func (s source) generate(ctx context.Context, files Files) error {
	found, err := findModule(ctx, s.module)
	if err != nil {
		return err
	}
	definitions, err := readDefinitions(filepath.Join(found.Dir, filepath.FromSlash(s.glob)))
	if err != nil {
		return err
	}
	for _, definition := range definitions {
		crd, err := newCRD(definition)
		if err != nil {
			return err
		}
		path := s.dir + "/" + crd.name + ".yaml"
		if _, twice := files[path]; twice {
			return fmt.Errorf("%s is defined twice", crd.name)
		}
		origin := s.module + " " + found.Version
		if files[path], err = crd.encode(origin); err != nil {
			return err
		}
	}
	return nil
}

// findModule asks the go command, which downloads and verifies what the cache lacks.
// It resolves the version by the go.mod of the working directory: this module's.
func findModule(ctx context.Context, path string) (module, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", path)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	var found module
	if err := json.Unmarshal(stdout.Bytes(), &found); err != nil {
		return module{}, fmt.Errorf("running %v: %w: %s", cmd.Args, errors.Join(runErr, err), stderr.Bytes())
	}
	if found.Error != "" {
		return module{}, fmt.Errorf("downloading %s: %s", path, found.Error)
	}
	return found, nil
}

// readDefinitions returns the CRDs in the files that match glob. Other kinds, such as
// the Gateway API's admission policy against downgrades, are not ours to install.
func readDefinitions(glob string) ([]*yaml.Node, error) {
	paths, err := filepath.Glob(glob)
	if err != nil {
		return nil, fmt.Errorf("matching %s: %w", glob, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no file matches %s", glob)
	}
	var definitions []*yaml.Node
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading CRDs: %w", err)
		}
		documents, err := splitDocuments(raw)
		if err != nil {
			return nil, fmt.Errorf("parsing %s: %w", path, err)
		}
		for _, document := range documents {
			if scalar(document, "kind") == "CustomResourceDefinition" {
				definitions = append(definitions, document)
			}
		}
	}
	return definitions, nil
}

// splitDocuments returns the root mapping of each YAML document in raw.
func splitDocuments(raw []byte) ([]*yaml.Node, error) {
	var roots []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return roots, nil
		}
		if err != nil {
			return nil, err
		}
		if root := document.Content[0]; root.Kind == yaml.MappingNode {
			roots = append(roots, root)
		}
	}
}
