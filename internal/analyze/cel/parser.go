package cel

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// parser reads expressions by recursive descent, one token ahead.
type parser struct {
	lexer lexer
	token token
	err   error
	make  ast.ExprFactory
	id    int64
	depth int
	facts facts
}

// facts are what is noticed about an expression while it is read.
type facts struct {
	// functions are the names that are called, less the macros.
	functions []string
	// names are the variables, and fields those of self.
	names, fields []string
	// loops is true if there is a comprehension.
	loops bool
}

// Check says what is wrong with how an expression is written: nil, or a *SyntaxError.
func Check(text string) error {
	_, _, err := parse(text)
	return err
}

// parse reads an expression.
func parse(text string) (ast.Expr, facts, error) {
	if !utf8.ValidString(text) {
		text = string([]rune(text)) // cel-go reads letters, and U+FFFD for each byte of none
	}
	p := &parser{lexer: lexer{text: text}, make: ast.NewExprFactory()}
	p.advance()
	expr := p.expression()
	if p.err == nil && p.token.kind != endToken {
		p.fail("more follows after the end of the expression")
	}
	return expr, p.facts, p.err
}

func (p *parser) advance() {
	if p.err != nil {
		return
	}
	next, err := p.lexer.next()
	if err != nil {
		p.err, next = err, token{at: p.lexer.at}
	}
	p.token = next
}

// fail ends the parsing: what is read from here on does not matter.
func (p *parser) fail(why string) ast.Expr {
	if p.err == nil {
		p.err = &SyntaxError{At: p.token.at, Why: why}
	}
	p.token = token{at: p.token.at}
	return p.make.NewUnspecifiedExpr(0)
}

func (p *parser) next() int64 {
	p.id++
	return p.id
}

func (p *parser) is(symbol string) bool {
	return p.token.kind == symbolToken && p.token.text == symbol
}

func (p *parser) accept(symbol string) bool {
	if !p.is(symbol) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(symbol string) {
	if !p.accept(symbol) {
		p.fail(symbol + " is missing")
	}
}

// maxNesting is what the API server allows too.
const maxNesting = 250

// expression is: condition [? a : b].
func (p *parser) expression() ast.Expr {
	if p.depth++; p.depth > maxNesting {
		return p.fail("it nests too deeply")
	}
	defer func() { p.depth-- }()
	condition := p.binary(0)
	if !p.accept("?") {
		return condition
	}
	then := p.binary(0)
	p.expect(":")
	return p.make.NewCall(p.next(), operators.Conditional, condition, then, p.expression())
}

// levels are the operators of two operands, from those that bind least.
func levels() [][]string {
	return [][]string{{"||"}, {"&&"}, {"<", "<=", ">=", ">", "==", "!=", "in"}, {"+", "-"}, {"*", "/", "%"}}
}

func (p *parser) binary(level int) ast.Expr {
	rest := levels()[level:]
	operand := p.unary
	if len(rest) > 1 {
		operand = func() ast.Expr { return p.binary(level + 1) }
	}
	switch rest[0][0] {
	case "||":
		return p.logic("||", operators.LogicalOr, operand)
	case "&&":
		return p.logic("&&", operators.LogicalAnd, operand)
	}
	return p.chain(rest[0], operand)
}

// logic joins operands as a tree that is no deeper than it must be.
func (p *parser) logic(symbol, function string, operand func() ast.Expr) ast.Expr {
	terms := []ast.Expr{operand()}
	for p.accept(symbol) {
		terms = append(terms, operand())
	}
	return p.balanced(function, terms)
}

func (p *parser) balanced(function string, terms []ast.Expr) ast.Expr {
	if len(terms) == 1 {
		return terms[0]
	}
	half := (len(terms) + 1) / 2
	return p.make.NewCall(p.next(), function, p.balanced(function, terms[:half]), p.balanced(function, terms[half:]))
}

// chain joins operands from the left.
func (p *parser) chain(symbols []string, operand func() ast.Expr) ast.Expr {
	left := operand()
	for p.err == nil && (p.token.kind == symbolToken || p.token.kind == nameToken) && slices.Contains(symbols, p.token.text) {
		function, ok := operators.Find(p.token.text)
		if !ok {
			return p.fail(p.token.text + " is no operator")
		}
		p.advance()
		left = p.make.NewCall(p.next(), function, left, operand())
	}
	return left
}

// unary is a member with any number of the same sign before it.
func (p *parser) unary() ast.Expr {
	if !p.is("!") && !p.is("-") {
		return p.member(p.primary())
	}
	sign, count := p.token.text, 0
	for p.accept(sign) {
		count++
	}
	if sign == "-" && count == 1 && p.isSignable() {
		return p.member(p.negative())
	}
	operand := p.primary
	if sign == "!" && p.accept("-") {
		operand = p.negative
	}
	return p.signed(sign, count, p.member(operand()))
}

// isSignable tells numbers that may have a sign of their own from those like 7u.
func (p *parser) isSignable() bool {
	return p.token.kind == numberToken && suffix(p.token.text[len(p.token.text)-1:]) == 0
}

// negative is the number behind a minus sign that belongs to it.
func (p *parser) negative() ast.Expr {
	if !p.isSignable() {
		return p.fail("a number is missing")
	}
	value, err := number(p.token, true)
	if err != nil {
		p.err = err
	}
	p.advance()
	return p.make.NewLiteral(p.next(), value)
}

// signed puts a sign before an operand, unless there is an even number of them.
func (p *parser) signed(sign string, count int, operand ast.Expr) ast.Expr {
	if count%2 == 0 {
		return operand
	}
	function := operators.LogicalNot
	if sign == "-" {
		function = operators.Negate
	}
	return p.make.NewCall(p.next(), function, operand)
}

// member reads the fields, calls and indices that follow an operand.
func (p *parser) member(operand ast.Expr) ast.Expr {
	for p.err == nil {
		switch {
		case p.accept("."):
			operand = p.selection(operand)
		case p.accept("["):
			index := p.expression()
			p.expect("]")
			operand = p.make.NewCall(p.next(), operators.Index, operand, index)
		default:
			return operand
		}
	}
	return operand
}

func (p *parser) selection(operand ast.Expr) ast.Expr {
	if !p.isIdentifier() {
		return p.fail("the name of a field is missing")
	}
	name := p.token.text
	p.advance()
	if !p.accept("(") {
		if operand.Kind() == ast.IdentKind && operand.AsIdent() == self {
			p.facts.fields = append(p.facts.fields, Unescape(name))
		}
		return p.make.NewSelect(p.next(), operand, name)
	}
	arguments := p.list(")")
	if expanded, ok := p.macro(name, operand, arguments); ok {
		return expanded
	}
	p.facts.functions = append(p.facts.functions, name)
	return p.make.NewMemberCall(p.next(), name, operand, arguments...)
}

// list reads expressions up to a closing bracket.
func (p *parser) list(closing string) []ast.Expr {
	var items []ast.Expr
	if closing == "]" && p.accept(",") { // [,] is an empty list, too
		p.expect(closing)
		return nil
	}
	for p.err == nil && !p.accept(closing) {
		items = append(items, p.expression())
		if !p.is(closing) {
			p.expect(",")
			if closing == ")" && p.is(closing) {
				p.fail("an argument is missing")
			}
		}
	}
	return items
}

func (p *parser) primary() ast.Expr {
	t := p.token
	switch t.kind {
	case numberToken, textToken:
		read := literal
		if t.kind == numberToken {
			read = func(t token) (ref.Val, error) { return number(t, false) }
		}
		value, err := read(t)
		if err != nil {
			p.err = err
			return p.fail("")
		}
		p.advance()
		return p.make.NewLiteral(p.next(), value)
	case nameToken:
		p.advance()
		return p.name(t.text)
	}
	switch {
	case p.accept("("):
		inner := p.expression()
		p.expect(")")
		return inner
	case p.accept("["):
		return p.make.NewList(p.next(), p.list("]"), nil)
	case p.accept("{"):
		return p.entries()
	case p.accept(".") && p.isIdentifier():
		name := p.token.text
		p.advance()
		return p.called(name, "."+name)
	}
	return p.fail("an operand is missing")
}

// reserved are names that variables cannot have.
const reserved = " as break const continue else for function if import in let loop package namespace return var void while "

func (p *parser) name(name string) ast.Expr {
	switch name {
	case "true", "false":
		return p.make.NewLiteral(p.next(), types.Bool(name == "true"))
	case "null":
		return p.make.NewLiteral(p.next(), types.NullValue)
	}
	return p.called(name, name)
}

// isIdentifier tells names from the words that are values or operators wherever
// they stand.
func (p *parser) isIdentifier() bool {
	return p.token.kind == nameToken && !slices.Contains([]string{"true", "false", "null", "in"}, p.token.text)
}

// called is a variable, or the call of a function. Its full name may begin with a
// dot, which takes it from the outermost scope.
func (p *parser) called(word, name string) ast.Expr {
	if strings.Contains(reserved, " "+word+" ") {
		return p.fail(word + " is a reserved word")
	}
	if !p.accept("(") {
		p.facts.names = append(p.facts.names, name)
		return p.make.NewIdent(p.next(), name)
	}
	arguments := p.list(")")
	if name == operators.Has && len(arguments) == 1 {
		return p.has(arguments[0])
	}
	p.facts.functions = append(p.facts.functions, name)
	return p.make.NewCall(p.next(), name, arguments...)
}

// entries reads a map.
func (p *parser) entries() ast.Expr {
	var entries []ast.EntryExpr
	if p.accept(",") {
		p.expect("}")
		return p.make.NewMap(p.next(), nil)
	}
	for p.err == nil && !p.accept("}") {
		key := p.expression()
		p.expect(":")
		entries = append(entries, p.make.NewMapEntry(p.next(), key, p.expression(), false))
		if !p.is("}") {
			p.expect(",")
		}
	}
	return p.make.NewMap(p.next(), entries)
}
