package cel

import (
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// has asks whether a field is there: has(self.a.b).
func (p *parser) has(field ast.Expr) ast.Expr {
	if field.Kind() != ast.SelectKind || field.AsSelect().IsTestOnly() {
		return p.fail("has() takes a field")
	}
	selected := field.AsSelect()
	return p.make.NewPresenceTest(p.next(), selected.Operand(), selected.FieldName())
}

// macro turns the functions with a variable of their own into comprehensions.
func (p *parser) macro(name string, over ast.Expr, arguments []ast.Expr) (ast.Expr, bool) {
	isLoop := len(arguments) == 2 || len(arguments) == 3 && name == operators.Map
	switch name {
	case operators.All, operators.Exists, operators.ExistsOne, "existsOne", operators.Filter, operators.Map:
	default:
		isLoop = false
	}
	if !isLoop {
		return nil, false
	}
	if arguments[0].Kind() != ast.IdentKind {
		return p.fail("the first argument of " + name + " is the name of a variable"), true
	}
	variable := arguments[0].AsIdent()
	p.facts.loops = true
	body := arguments[len(arguments)-1]
	switch name {
	case operators.All:
		return p.loop(over, variable, p.bool(true), p.open(p.result()), p.call(operators.LogicalAnd, p.result(), body), p.result()), true
	case operators.Exists:
		return p.loop(over, variable, p.bool(false), p.open(p.call(operators.LogicalNot, p.result())),
			p.call(operators.LogicalOr, p.result(), body), p.result()), true
	case operators.ExistsOne, "existsOne":
		one := p.make.NewLiteral(p.next(), types.Int(1))
		counted := p.call(operators.Conditional, body, p.call(operators.Add, p.result(), one), p.result())
		return p.loop(over, variable, p.make.NewLiteral(p.next(), types.Int(0)), p.bool(true), counted,
			p.call(operators.Equals, p.result(), p.make.NewLiteral(p.next(), types.Int(1)))), true
	case operators.Filter:
		return p.collect(over, variable, body, arguments[0]), true
	}
	if len(arguments) == 3 {
		return p.collect(over, variable, arguments[1], body), true
	}
	return p.collect(over, variable, nil, body), true
}

// collect makes a list of an expression, for the items that meet a condition.
func (p *parser) collect(over ast.Expr, variable string, condition, item ast.Expr) ast.Expr {
	step := p.call(operators.Add, p.result(), p.make.NewList(p.next(), []ast.Expr{item}, nil))
	if condition != nil {
		step = p.call(operators.Conditional, condition, step, p.result())
	}
	return p.loop(over, variable, p.make.NewList(p.next(), nil, nil), p.bool(true), step, p.result())
}

func (p *parser) loop(over ast.Expr, variable string, start, goOn, step, result ast.Expr) ast.Expr {
	return p.make.NewComprehension(p.next(), over, variable, p.make.AccuIdentName(), start, goOn, step, result)
}

// open is true as long as an outcome is not decided.
func (p *parser) open(outcome ast.Expr) ast.Expr {
	return p.call(operators.NotStrictlyFalse, outcome)
}

func (p *parser) call(function string, arguments ...ast.Expr) ast.Expr {
	return p.make.NewCall(p.next(), function, arguments...)
}

func (p *parser) bool(value bool) ast.Expr { return p.make.NewLiteral(p.next(), types.Bool(value)) }
func (p *parser) result() ast.Expr         { return p.make.NewAccuIdent(p.next()) }
