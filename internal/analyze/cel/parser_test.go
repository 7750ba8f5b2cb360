package cel

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/debug"
	celgo "github.com/google/cel-go/parser"

	"github.com/meshctl/meshctl/manifests"
)

// oddities are expressions that the definitions do not have.
func oddities() []string {
	return []string{
		"1 + 2 * 3 - 4 / 5 % 6", "-1", "- 1", "--1", "---1", "-1.a", "-x", "--x", "---x", "!!a", "!a.b(c)", "!-1", "!!-1.5", "!--1", "!-1.a", "-1.5e3", "-a.b", "1.5", ".5", "2e-3", "0x1F", "7u", "0xfu", "0XE", "0xg", "0x", "08u", "010u", "010", "-010", "-7u", "-0x8000000000000000", "0x8000000000000000", "18446744073709551615u", "1e999", "--7u", "-0x10",
		"a ? b : c ? d : e", "a || b && c || d", "a < b == c", "a in [1, 2, ]", "{'a': 1, \"b\": 2}", "{}", "[]", "[1,]", "a[0].b['c']",
		`'it\'s' + "\n\x41\u00e9\U0001F600\101"`, `r'\d'`, `"""a "quoted" text"""`, "'''a\nb'''", `b'\x00\xff'`, `rb''`, `bb''`, `Br""`, `BR'''\'''`, `rr""`, `r`, `br`, "'\xe3'", "b'\xe3\x81'", "br'\\d'", ".a.b", "a.b.c.d(e).f",
		"has(a.b)", "has(a.b.c)", "a.map(x, x + 1)", "a.map(x, x > 1, x + 1)", "a.filter(x, x > 1)", "a.exists_one(x, x == 1)", "a.exists(x, x in b)", "a.all(x, x.all(y, y))",
		"a.map(x)", "a.all(x)", "size(a)", "a // the rest\n + b", "true && false || null == null", "a.true1", "type(a) == int", "a.b.has(c)",
		// and some that are none
		"", "a b", "a +", "(a", "a.", "a[", "a.b(", "'a", "'''a", "f(a,)", "{a}", "{a:}", "a.all(1, x)", "has(a)", "has(a.b())", "a ? b", "if", "import(a)", "0x", "1 2",
		"a..b", "a = b", "a & b", "'\\q'", "\"a\nb\"", "9223372036854775808", "-9223372036854775808", "!-a", "a!", "a.`b`", "[,]", "{,}", "[,1]", "()", "-", "$", ".as(a)", ".in", ".true", ".null", "a.true", "a.in", "a.in(b)", "a.as", "a.as(b)", "a.null(b)", ".has(a.b)", "'\\ud800'",
	}
}

// TestParse_ReadsWhatTheParserOfCelGoReads compares trees: for all rules of the
// definitions that meshctl installs, and for what they do not have.
func TestParse_ReadsWhatTheParserOfCelGoReads(t *testing.T) {
	rules := rules(t)
	const least = 100
	if len(rules) < least {
		t.Fatalf("only %d rules were found", len(rules))
	}
	for _, text := range slices.Concat(rules, oddities()) {
		compare(t, text)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range slices.Concat(rules(f), oddities()) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const most = 200 // theirs takes long for long ones
		if len(text) < most {
			compare(t, text)
		}
	})
}

func compare(t *testing.T, text string) {
	t.Helper()
	theirs, err := celgo.NewParser(celgo.Macros(celgo.AllMacros...), celgo.EnableIdentEscapeSyntax(false))
	if err != nil {
		t.Fatal(err)
	}
	want, errs := theirs.Parse(common.NewTextSource(text))
	wrong := len(errs.GetErrors()) > 0
	if !wrong && makesMessage(want.Expr()) {
		return // a definition has no types of messages that a rule could name
	}
	got, _, err := parse(text)
	if wrong || err != nil {
		if wrong != (err != nil) {
			t.Errorf("%q: got error %v, cel-go has %s", text, err, errs.ToDisplayString())
		}
		return
	}
	if want, got := debug.ToDebugString(want.Expr()), debug.ToDebugString(got); want != got {
		t.Errorf("%q: got\n%s\nwant\n%s", text, got, want)
	}
}

func makesMessage(expr ast.Expr) bool {
	found := false
	ast.PreOrderVisit(expr, ast.NewExprVisitor(func(e ast.Expr) { found = found || e.Kind() == ast.StructKind }))
	return found
}

// rules are all rules of the embedded definitions, each once.
func rules(t testing.TB) []string {
	t.Helper()
	rule := regexp.MustCompile(`"rule": ("(?:[^"\\]|\\.)*")`)
	var found []string
	err := fs.WalkDir(manifests.FS(), "charts/base/files/crds", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(manifests.FS(), path)
		for _, match := range rule.FindAllSubmatch(text, -1) {
			var one string
			if err := json.Unmarshal(match[1], &one); err != nil {
				return err
			}
			found = append(found, one)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestEngine_CompilesEveryRule wants no rule of ours to be left out.
func TestEngine_CompilesEveryRule(t *testing.T) {
	var engine Engine
	for _, text := range rules(t) {
		if _, err := engine.Compile(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
