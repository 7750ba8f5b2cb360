package cel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/containers"
	"github.com/google/cel-go/common/stdlib"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"
)

const (
	self    = "self"
	oldSelf = "oldSelf"
)

// ErrForeign is a rule with something that is not known here: it may be one of
// a newer Kubernetes. Nobody can say whether it holds.
var ErrForeign = errors.New("the rule calls functions that are not known here")

// ErrTooLong is a rule that does not come to an end in reasonable time. The API
// server refuses such values, too.
var ErrTooLong = errors.New("the rule takes too long")

// Engine compiles rules. It is safe for concurrent use.
type Engine struct {
	// start makes the parts below when the first rule is compiled.
	start       sync.Once
	err         error
	known       map[string]bool
	interpreter interpreter.Interpreter
}

// Rule is a compiled rule. It is safe for concurrent use.
type Rule struct {
	// Fields are the fields of self that the rule looks at, in their order.
	Fields []string
	// Transition says whether the rule compares with the object as it was before.
	Transition bool

	plan  interpreter.InterpretableV2
	loops bool
}

// longest is more than any rule has: those of the API server are limited by
// what they cost, and long ones cost much.
const longest = 64 << 10

// Compile reads a rule about self.
func (e *Engine) Compile(text string) (*Rule, error) {
	e.start.Do(e.init)
	if e.err != nil {
		return nil, e.err
	}
	if len(text) > longest {
		return nil, ErrForeign
	}
	expr, facts, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("reading the rule %q: %w", text, err)
	}
	for _, function := range facts.functions {
		if !e.known[function] {
			return nil, ErrForeign
		}
	}
	options := []interpreter.PlannerOption{interpreter.Optimize(), interpreter.CompileRegexConstants(interpreter.MatchesRegexOptimization)}
	if facts.loops {
		options = append(options, interpreter.InterruptableEval())
	}
	plan, err := e.interpreter.NewInterpretable(ast.NewAST(expr, ast.NewSourceInfo(nil)), options...)
	if err != nil {
		return nil, fmt.Errorf("compiling the rule %q: %w", text, err)
	}
	slices.Sort(facts.fields)
	return &Rule{
		Fields: slices.Compact(facts.fields), Transition: slices.Contains(facts.names, oldSelf),
		plan: plan, loops: facts.loops,
	}, nil
}

func (e *Engine) init() {
	registry := types.NewEmptyRegistry()
	if e.err = registry.RegisterType(
		types.BoolType, types.BytesType, types.DoubleType, types.DurationType, types.IntType, types.ListType, types.MapType,
		types.NullType, types.StringType, types.TimestampType, types.TypeType, types.UintType,
	); e.err != nil {
		return
	}
	dispatcher := interpreter.NewDispatcher()
	e.known = map[string]bool{}
	for _, function := range stdlib.Functions() {
		bindings, err := function.Bindings()
		if err == nil {
			err = dispatcher.Add(bindings...)
		}
		if err != nil {
			e.err = fmt.Errorf("preparing the function %s: %w", function.Name(), err)
			return
		}
		e.known[function.Name()] = true
	}
	for _, function := range extensions() {
		if e.err = dispatcher.Add(function); e.err != nil {
			return
		}
		e.known[function.Operator] = true
	}
	attributes := interpreter.NewAttributeFactory(containers.DefaultContainer, registry, registry, interpreter.EnableErrorOnBadPresenceTest(true))
	e.interpreter = interpreter.NewInterpreter(dispatcher, containers.DefaultContainer, registry, registry, attributes)
}

// rounds is how often the loops of a rule may go round in all: more than the
// budget of the API server lasts for, and more than any known rule needs.
const rounds = 250_000

// Holds says whether the rule holds for a value. An error is one of the rule
// with this value, such as a field that it wants and does not find; for the API
// server that is as bad as a rule that does not hold.
func (r *Rule) Holds(value ref.Val) (bool, error) {
	result, err := r.evaluate(value)
	return result == types.True, err
}

// Text is what the rule makes of a value, if that is a text.
func (r *Rule) Text(value ref.Val) (text string, ok bool) {
	result, err := r.evaluate(value)
	if err != nil {
		return "", false
	}
	found, ok := result.(types.String)
	return string(found), ok
}

func (r *Rule) evaluate(value ref.Val) (ref.Val, error) {
	frame, err := interpreter.NewExecutionFrame(variables{value})
	if err != nil {
		return nil, fmt.Errorf("evaluating: %w", err)
	}
	defer frame.Close()
	if r.loops {
		if err := frame.SetContext(over{}, rounds); err != nil {
			return nil, fmt.Errorf("evaluating: %w", err)
		}
	}
	result := r.plan.Exec(frame)
	if failed, ok := result.(*types.Err); ok {
		if errors.As(failed, new(interpreter.InterruptError)) {
			return nil, ErrTooLong
		}
		return nil, failed
	}
	return result, nil
}

// variables are self and nothing else.
type variables struct{ self ref.Val }

// ResolveName implements interpreter.Activation.
func (v variables) ResolveName(name string) (any, bool) {
	if name != self {
		return nil, false
	}
	return v.self, true
}

// Parent implements interpreter.Activation.
func (v variables) Parent() interpreter.Activation { return nil }

// over is a context that has ended. The interpreter looks at it only now and
// then: that makes it a limit of rounds, which is the same on every machine.
type over struct{}

// Deadline implements context.Context.
func (over) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements context.Context.
func (over) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

// Err implements context.Context.
func (over) Err() error { return context.Canceled }

// Value implements context.Context.
func (over) Value(any) any { return nil }
