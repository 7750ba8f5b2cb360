package main

import (
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestReduce_KeepsHowJSONIsRead compares each field that is kept with what was
// published of it.
func TestReduce_KeepsHowJSONIsRead(t *testing.T) {
	// Opening it makes a version bump invalidate cached results.
	if _, err := os.ReadFile("go.mod"); err != nil {
		t.Fatal(err)
	}
	all, err := readModules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	set, err := reduce(all)
	if err != nil {
		t.Fatal(err)
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	for _, kept := range set.GetFile() {
		for _, message := range all[kept.GetName()].GetMessageType() {
			name := protoreflect.FullName(kept.GetPackage() + "." + message.GetName())
			found, err := files.FindDescriptorByName(name)
			if err != nil {
				t.Error(err)
				continue
			}
			fields += compare(t, message, found.(protoreflect.MessageDescriptor))
		}
	}
	if fields < 4000 {
		t.Errorf("only %d fields were kept", fields)
	}
}

func compare(t *testing.T, published *descriptorpb.DescriptorProto, kept protoreflect.MessageDescriptor) int {
	t.Helper()
	if got, want := kept.Fields().Len(), len(published.GetField()); got != want {
		t.Errorf("%s: got %d fields, want %d", kept.FullName(), got, want)
		return 0
	}
	for i, want := range published.GetField() {
		got := kept.Fields().Get(i)
		if got.JSONName() != want.GetJsonName() || string(got.Name()) != want.GetName() || int32(got.Number()) != want.GetNumber() ||
			int32(got.Kind()) != int32(want.GetType()) || int32(got.Cardinality()) != int32(want.GetLabel()) {
			t.Errorf("%s: got %v, want %v", kept.FullName(), got, want)
		}
	}
	if kept.IsMapEntry() != published.GetOptions().GetMapEntry() {
		t.Errorf("%s: is a map's entry: %v", kept.FullName(), kept.IsMapEntry())
	}
	count := kept.Fields().Len()
	for i, nested := range published.GetNestedType() {
		count += compare(t, nested, kept.Messages().Get(i))
	}
	return count
}

func TestReduce_RefusesWhatItDoesNotUnderstand(t *testing.T) {
	const path = "envoy/config/a/v3/a.proto"
	file := func(change func(*descriptorpb.FileDescriptorProto)) published {
		f := &descriptorpb.FileDescriptorProto{
			Name: new(path), Package: new("envoy.config.a.v3"), Syntax: new("proto3"),
			MessageType: []*descriptorpb.DescriptorProto{{Name: new("A")}},
		}
		change(f)
		return published{f.GetName(): f}
	}
	for name, all := range map[string]published{
		"no root":  file(func(f *descriptorpb.FileDescriptorProto) { f.Name = new("other/a.proto") }),
		"editions": file(func(f *descriptorpb.FileDescriptorProto) { f.Syntax = new("editions") }),
		"no such type": file(func(f *descriptorpb.FileDescriptorProto) {
			f.MessageType[0].Field = []*descriptorpb.FieldDescriptorProto{{Name: new("b"), TypeName: new(".c.D")}}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := reduce(all); err == nil {
				t.Error("want an error, got none")
			}
		})
	}
	if _, err := reduce(file(func(*descriptorpb.FileDescriptorProto) {})); err != nil {
		t.Error(err)
	}
}

func TestReadDescriptor_ReadsBothForms(t *testing.T) {
	for name, source := range map[string]string{
		"text":  "package a\nconst file_a_rawDesc = \"\" +\n\"\\n\\x01\" + \"a\"\n",
		"bytes": "package a\nvar file_a_rawDesc = []byte{\n0x0a, 0x01,\n0x61}\n",
	} {
		path := filepath.Join(t.TempDir(), "a.pb.go")
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := readDescriptor(path); err != nil || got.GetName() != "a" {
			t.Errorf("%s: got %v, error %v", name, got, err)
		}
	}
}

func TestCheckFile_TellsWhatIsStale(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gz")
	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{{Name: new("a")}}}
	if err := writeFile(path, set); err != nil {
		t.Fatal(err)
	}
	if err := checkFile(path, set); err != nil {
		t.Error(err)
	}
	if err := checkFile(path, &descriptorpb.FileDescriptorSet{}); err == nil {
		t.Error("want an error, got none")
	}
}
