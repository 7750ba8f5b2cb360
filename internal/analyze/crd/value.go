package crd

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/internal/object"
)

// valueOf is a node as rules see it. Mappings and lists are read only where a
// rule looks into them.
func valueOf(node *object.Node, s *Schema) ref.Val {
	switch node.Kind {
	case object.MapNode:
		return mapValue{node: node, schema: s}
	case object.ListNode:
		return listValue{node: node, schema: s}
	case object.BoolNode:
		return types.Bool(node.Text == "true")
	case object.StringNode:
		return textValue(node.Text, s)
	case object.NumberNode:
		return numberValue(node.Text, s)
	}
	return types.NullValue
}

// textValue is a string, or what its format makes of it.
func textValue(text string, s *Schema) ref.Val {
	if s == nil || s.Type != "string" {
		return types.String(text)
	}
	switch s.Format {
	case "byte":
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return types.NewErr("%v", err)
		}
		return types.Bytes(decoded)
	case "date", "date-time":
		layout := time.RFC3339
		if s.Format == "date" {
			layout = time.DateOnly
		}
		parsed, err := time.Parse(layout, strings.ToUpper(text))
		if err != nil {
			return types.NewErr("%v", err)
		}
		return types.Timestamp{Time: parsed}
	case "duration":
		parsed, err := time.ParseDuration(text)
		if err != nil {
			return types.NewErr("%v", err)
		}
		return types.Duration{Duration: parsed}
	}
	return types.String(text)
}

func numberValue(text string, s *Schema) ref.Val {
	if s == nil || s.Type != "number" {
		if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
			return types.Int(whole)
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return types.NewErr("%v", err)
	}
	if s != nil && s.Type == "integer" {
		return types.Int(int64(number))
	}
	return types.Double(number)
}

// unsupported is what conversions of values answer, which no rule asks for.
func unsupported(from string, to any) error {
	return fmt.Errorf("type conversion error from '%s' to '%v'", from, to)
}

// mapValue is a mapping: an object with properties, or a map.
type mapValue struct {
	node   *object.Node
	schema *Schema
}

// fieldName is what a rule calls the field.
func (m mapValue) fieldName(key string) (string, bool) {
	if m.schema == nil || m.schema.Properties == nil {
		return key, true
	}
	return cel.Escape(key)
}

// Find implements traits.Mapper.
func (m mapValue) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(key), false
	}
	wanted := string(name)
	if m.schema != nil && m.schema.Properties != nil {
		wanted = cel.Unescape(wanted)
	}
	child, ok := m.node.Field(wanted)
	if !ok || m.schema != nil && m.schema.field(wanted) == nil && !m.schema.Embedded {
		return nil, false // what only is preserved cannot be looked at
	}
	return valueOf(child, m.below(wanted)), true
}

func (m mapValue) below(name string) *Schema {
	if m.schema == nil {
		return nil
	}
	return m.schema.field(name)
}

// Get implements traits.Indexer.
func (m mapValue) Get(key ref.Val) ref.Val {
	if found, ok := m.Find(key); ok || found != nil {
		return found
	}
	return types.NewErr("no such key: %v", key)
}

// Contains implements traits.Container.
func (m mapValue) Contains(key ref.Val) ref.Val {
	found, ok := m.Find(key)
	if !ok && found != nil {
		return found
	}
	return types.Bool(ok)
}

// Size implements traits.Sizer.
func (m mapValue) Size() ref.Val { return types.Int(len(m.node.Children)) }

// Iterator implements traits.Iterable.
func (m mapValue) Iterator() traits.Iterator {
	names := make([]ref.Val, 0, len(m.node.Children))
	for i := range m.node.Children {
		if name, ok := m.fieldName(m.node.Children[i].Key); ok {
			names = append(names, types.String(name))
		}
	}
	return &iterator{values: names}
}

// Equal implements ref.Val.
func (m mapValue) Equal(other ref.Val) ref.Val {
	another, ok := other.(traits.Mapper)
	if !ok || another.Size() != m.Size() {
		return types.False
	}
	for names := m.Iterator(); names.HasNext() == types.True; {
		name := names.Next()
		mine, _ := m.Find(name)
		theirs, found := another.Find(name)
		if !found || types.Equal(mine, theirs) != types.True {
			return types.False
		}
	}
	return types.True
}

// ConvertToNative implements ref.Val.
func (m mapValue) ConvertToNative(to reflect.Type) (any, error) { return nil, unsupported("map", to) }

// ConvertToType implements ref.Val.
func (m mapValue) ConvertToType(to ref.Type) ref.Val {
	switch to {
	case types.MapType:
		return m
	case types.TypeType:
		return types.MapType
	}
	return types.WrapErr(unsupported("map", to.TypeName()))
}

// Type implements ref.Val.
func (m mapValue) Type() ref.Type { return types.MapType }

// Value implements ref.Val.
func (m mapValue) Value() any { return m.node.Value() }
