package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// isRoot names the files whose messages a patch can have: by what it changes,
// or by the @type of something inside.
func isRoot(path string) bool {
	return regexp.MustCompile(`^(envoy/(config|extensions|type|watchdog)/|xds/|udpa/type/).*v[13](alpha)?/[^/]*$`).MatchString(path)
}

// reduce keeps what it takes to read the JSON of what the roots have, in a
// stable order in which each file comes after those that it needs.
func reduce(all published) (*descriptorpb.FileDescriptorSet, error) {
	owners := map[string]string{} // a type: its file
	for path, file := range all {
		prefix := "." + file.GetPackage()
		for _, enum := range file.GetEnumType() {
			owners[prefix+"."+enum.GetName()] = path
		}
		for _, message := range file.GetMessageType() {
			own(owners, path, prefix, message)
		}
	}
	r := reducer{all: all, owners: owners, seen: map[string]bool{}}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if !isRoot(path) {
			continue
		}
		if err := r.keep(path); err != nil {
			return nil, fmt.Errorf("keeping %s: %w", path, err)
		}
	}
	if len(r.set.GetFile()) == 0 {
		return nil, errors.New("nothing of Envoy's configuration was found")
	}
	return &r.set, nil
}

func own(owners map[string]string, path, prefix string, message *descriptorpb.DescriptorProto) {
	name := prefix + "." + message.GetName()
	owners[name] = path
	for _, enum := range message.GetEnumType() {
		owners[name+"."+enum.GetName()] = path
	}
	for _, nested := range message.GetNestedType() {
		own(owners, path, name, nested)
	}
}

type reducer struct {
	all    published
	owners map[string]string
	seen   map[string]bool
	set    descriptorpb.FileDescriptorSet
}

func (r *reducer) keep(path string) error {
	if r.seen[path] {
		return nil
	}
	r.seen[path] = true
	file := r.all[path]
	if syntax := file.GetSyntax(); syntax != "proto3" && syntax != "proto2" && syntax != "" {
		return fmt.Errorf("its syntax is %s, whose options bear on JSON", syntax)
	}
	kept := &descriptorpb.FileDescriptorProto{Name: file.Name, Package: file.Package, Syntax: file.Syntax}
	needs := map[string]bool{}
	for _, message := range file.GetMessageType() {
		reduced, err := r.message(message, needs)
		if err != nil {
			return err
		}
		kept.MessageType = append(kept.MessageType, reduced)
	}
	for _, enum := range file.GetEnumType() {
		kept.EnumType = append(kept.EnumType, reduceEnum(enum))
	}
	if len(kept.GetMessageType())+len(kept.GetEnumType()) == 0 {
		return nil // an extension of options, or a service
	}
	delete(needs, path)
	kept.Dependency = slices.Sorted(maps.Keys(needs))
	for _, needed := range kept.GetDependency() {
		if err := r.keep(needed); err != nil {
			return fmt.Errorf("keeping %s: %w", needed, err)
		}
	}
	r.set.File = append(r.set.File, kept)
	return nil
}

func (r *reducer) message(message *descriptorpb.DescriptorProto, needs map[string]bool) (*descriptorpb.DescriptorProto, error) {
	kept := &descriptorpb.DescriptorProto{Name: message.Name}
	if message.GetOptions().GetMapEntry() {
		kept.Options = &descriptorpb.MessageOptions{MapEntry: new(true)}
	}
	for _, field := range message.GetField() {
		if field.TypeName != nil {
			owner, ok := r.owners[field.GetTypeName()]
			if !ok {
				return nil, fmt.Errorf("no module has %s, the type of %s.%s", field.GetTypeName(), message.GetName(), field.GetName())
			}
			needs[owner] = true
		}
		kept.Field = append(kept.Field, reduceField(field))
	}
	for _, oneof := range message.GetOneofDecl() {
		kept.OneofDecl = append(kept.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: oneof.Name})
	}
	for _, nested := range message.GetNestedType() {
		reduced, err := r.message(nested, needs)
		if err != nil {
			return nil, err
		}
		kept.NestedType = append(kept.NestedType, reduced)
	}
	for _, enum := range message.GetEnumType() {
		kept.EnumType = append(kept.EnumType, reduceEnum(enum))
	}
	return kept, nil
}

// reduceField leaves out what does not bear on JSON, and names in JSON that
// follow from the name.
func reduceField(field *descriptorpb.FieldDescriptorProto) *descriptorpb.FieldDescriptorProto {
	kept := proto.CloneOf(field)
	kept.Options, kept.DefaultValue, kept.Extendee = nil, nil, nil
	if kept.GetJsonName() == camel(kept.GetName()) {
		kept.JsonName = nil
	}
	return kept
}

// reduceEnum leaves out options, but that names may share a number.
func reduceEnum(enum *descriptorpb.EnumDescriptorProto) *descriptorpb.EnumDescriptorProto {
	kept := &descriptorpb.EnumDescriptorProto{Name: enum.Name}
	if enum.GetOptions().GetAllowAlias() {
		kept.Options = &descriptorpb.EnumOptions{AllowAlias: new(true)}
	}
	for _, value := range enum.GetValue() {
		kept.Value = append(kept.Value, &descriptorpb.EnumValueDescriptorProto{Name: value.Name, Number: value.Number})
	}
	return kept
}

// camel is the name in JSON that a field has unless it is given another one.
func camel(name string) string {
	var b strings.Builder
	upper := false
	for _, letter := range name {
		switch {
		case letter == '_':
			upper = true
		case upper && 'a' <= letter && letter <= 'z':
			b.WriteRune(letter - 'a' + 'A')
			upper = false
		default:
			b.WriteRune(letter)
			upper = false
		}
	}
	return b.String()
}
