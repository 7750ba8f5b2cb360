package crd

import (
	"reflect"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"github.com/meshctl/meshctl/internal/object"
)

// listValue is a list. One that is a set or a map of its items equals another
// with the same items in any order.
type listValue struct {
	node   *object.Node
	schema *Schema
}

func (l listValue) at(i int) ref.Val {
	var below *Schema
	if l.schema != nil {
		below = l.schema.Items
	}
	return valueOf(&l.node.Children[i], below)
}

// Get implements traits.Indexer.
func (l listValue) Get(index ref.Val) ref.Val {
	i, err := types.IndexOrError(index)
	if err != nil {
		return types.WrapErr(err)
	}
	if i < 0 || i >= len(l.node.Children) {
		return types.NewErr("index out of bounds: %v", index)
	}
	return l.at(i)
}

// Contains implements traits.Container.
func (l listValue) Contains(value ref.Val) ref.Val {
	for i := range l.node.Children {
		if types.Equal(l.at(i), value) == types.True {
			return types.True
		}
	}
	return types.False
}

// Size implements traits.Sizer.
func (l listValue) Size() ref.Val { return types.Int(len(l.node.Children)) }

// Iterator implements traits.Iterable.
func (l listValue) Iterator() traits.Iterator { return &iterator{values: l.all()} }

func (l listValue) all() []ref.Val {
	values := make([]ref.Val, len(l.node.Children))
	for i := range values {
		values[i] = l.at(i)
	}
	return values
}

// Add implements traits.Adder.
func (l listValue) Add(other ref.Val) ref.Val {
	another, ok := other.(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	values := l.all()
	for items := another.Iterator(); items.HasNext() == types.True; {
		if item := items.Next(); !l.anyOrder() || l.Contains(item) != types.True {
			values = append(values, item)
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, values)
}

func (l listValue) anyOrder() bool {
	return l.schema != nil && (l.schema.ListType == "set" || l.schema.ListType == "map")
}

// Equal implements ref.Val.
func (l listValue) Equal(other ref.Val) ref.Val {
	another, ok := other.(traits.Lister)
	if !ok || another.Size() != l.Size() {
		return types.False
	}
	for i := range l.node.Children {
		mine := l.at(i)
		if l.anyOrder() && another.Contains(mine) == types.True {
			continue
		}
		if l.anyOrder() || types.Equal(mine, another.Get(types.Int(i))) != types.True {
			return types.False
		}
	}
	return types.True
}

// ConvertToNative implements ref.Val.
func (l listValue) ConvertToNative(to reflect.Type) (any, error) { return nil, unsupported("list", to) }

// ConvertToType implements ref.Val.
func (l listValue) ConvertToType(to ref.Type) ref.Val {
	switch to {
	case types.ListType:
		return l
	case types.TypeType:
		return types.ListType
	}
	return types.WrapErr(unsupported("list", to.TypeName()))
}

// Type implements ref.Val.
func (l listValue) Type() ref.Type { return types.ListType }

// Value implements ref.Val.
func (l listValue) Value() any { return l.node.Value() }

// iterator goes through values. It is itself a value, as CEL wants it.
type iterator struct {
	types.Null
	values []ref.Val
}

// HasNext implements traits.Iterator.
func (i *iterator) HasNext() ref.Val { return types.Bool(len(i.values) > 0) }

// Next implements traits.Iterator.
func (i *iterator) Next() ref.Val {
	if len(i.values) == 0 {
		return nil
	}
	next := i.values[0]
	i.values = i.values[1:]
	return next
}
