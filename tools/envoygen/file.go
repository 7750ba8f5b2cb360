package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// writeFile writes the set, compressed.
func writeFile(path string, set *descriptorpb.FileDescriptorSet) error {
	raw, err := (proto.MarshalOptions{Deterministic: true}).Marshal(set)
	if err != nil {
		return fmt.Errorf("encoding descriptors: %w", err)
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("compressing descriptors: %w", err)
	}
	if _, err := w.Write(raw); err != nil {
		return fmt.Errorf("compressing descriptors: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("compressing descriptors: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing descriptors: %w", err)
	}
	return nil
}

// checkFile fails if the file has another set. It compares what the file
// says, not its bytes: another version of Go may compress them otherwise.
func checkFile(path string, want *descriptorpb.FileDescriptorSet) error {
	got, err := readFile(path)
	if err != nil {
		return err
	}
	if !proto.Equal(got, want) {
		return &StaleError{Path: path}
	}
	return nil
}

func readFile(path string) (*descriptorpb.FileDescriptorSet, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening descriptors: %w", err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	raw, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	set := &descriptorpb.FileDescriptorSet{}
	if err := proto.Unmarshal(raw, set); err != nil {
		return nil, fmt.Errorf("decoding %s: %w", path, err)
	}
	return set, nil
}

// StaleError names a file that differs from what envoygen generates.
type StaleError struct{ Path string }

func (e *StaleError) Error() string { return e.Path + " is stale, run `make generate`" }
