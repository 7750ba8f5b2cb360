package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// published are descriptors by the path of their file.
type published map[string]*descriptorpb.FileDescriptorProto

// modules are those that have Envoy's configuration, and what it is made of.
func modules() []string {
	return []string{
		"github.com/envoyproxy/go-control-plane/envoy",
		"github.com/cncf/xds/go",
		"github.com/prometheus/client_model",
		"cel.dev/expr",
		"go.opentelemetry.io/proto/otlp",
		"google.golang.org/genproto/googleapis/api",
		"google.golang.org/genproto/googleapis/rpc",
	}
}

// readModules returns all descriptors in the modules, and those of the types
// that JSON has forms of its own for.
func readModules(ctx context.Context) (published, error) {
	all := published{}
	for _, path := range modules() {
		dir, err := moduleDir(ctx, path)
		if err != nil {
			return nil, err
		}
		if err := all.readDir(dir); err != nil {
			return nil, fmt.Errorf("reading descriptors of %s: %w", path, err)
		}
	}
	all.add(protodesc.ToFileDescriptorProto(anypb.File_google_protobuf_any_proto))
	all.add(protodesc.ToFileDescriptorProto(durationpb.File_google_protobuf_duration_proto))
	all.add(protodesc.ToFileDescriptorProto(emptypb.File_google_protobuf_empty_proto))
	all.add(protodesc.ToFileDescriptorProto(fieldmaskpb.File_google_protobuf_field_mask_proto))
	all.add(protodesc.ToFileDescriptorProto(structpb.File_google_protobuf_struct_proto))
	all.add(protodesc.ToFileDescriptorProto(timestamppb.File_google_protobuf_timestamp_proto))
	all.add(protodesc.ToFileDescriptorProto(wrapperspb.File_google_protobuf_wrappers_proto))
	return all, nil
}

func (p published) add(file *descriptorpb.FileDescriptorProto) { p[file.GetName()] = file }

// moduleDir asks the go command, which downloads and verifies what the cache lacks.
// It resolves the version by the go.mod of the working directory: this module's.
func moduleDir(ctx context.Context, path string) (string, error) {
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, "go", "mod", "download", "-json", path)
	command.Stdout, command.Stderr = &stdout, &stderr
	ended := command.Run()
	var found struct{ Dir, Error string }
	if err := json.Unmarshal(stdout.Bytes(), &found); err != nil {
		return "", fmt.Errorf("running %v: %w: %s", command.Args, errors.Join(ended, err), stderr.Bytes())
	}
	if found.Error != "" {
		return "", fmt.Errorf("downloading %s: %s", path, found.Error)
	}
	return found.Dir, nil
}

func (p published) readDir(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".pb.go") {
			return err
		}
		file, err := readDescriptor(path)
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		if file != nil {
			p.add(file)
		}
		return nil
	})
}

// readDescriptor returns the descriptor that protoc-gen-go has put into a file
// as a constant or, formerly, as a slice of bytes; nil if the file has none.
func readDescriptor(path string) (*descriptorpb.FileDescriptorProto, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, declared := range parsed.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if !ok || len(value.Values) != 1 || !strings.HasSuffix(value.Names[0].Name, "_rawDesc") {
				continue
			}
			raw, err := literal(value.Values[0])
			if err != nil {
				return nil, err
			}
			file := &descriptorpb.FileDescriptorProto{}
			if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(raw, file); err != nil {
				return nil, fmt.Errorf("decoding a descriptor: %w", err)
			}
			return file, nil
		}
	}
	return nil, nil //nolint:nilnil // A file without a descriptor is no failure.
}

// literal is what a sum of strings, or a slice of bytes, comes to.
func literal(expression ast.Expr) ([]byte, error) {
	switch e := expression.(type) {
	case *ast.BasicLit:
		return []byte(constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0))), nil
	case *ast.BinaryExpr:
		left, err := literal(e.X)
		if err != nil {
			return nil, err
		}
		right, err := literal(e.Y)
		return append(left, right...), err
	case *ast.CompositeLit:
		raw := make([]byte, 0, len(e.Elts))
		for _, element := range e.Elts {
			lit, ok := element.(*ast.BasicLit)
			if !ok {
				return nil, errors.New("a descriptor has bytes that are no literals")
			}
			b, err := strconv.ParseUint(lit.Value, 0, 8)
			if err != nil {
				return nil, fmt.Errorf("reading a descriptor: %w", err)
			}
			raw = append(raw, byte(b))
		}
		return raw, nil
	}
	return nil, fmt.Errorf("a descriptor is neither a string nor bytes, but a %T", expression)
}
