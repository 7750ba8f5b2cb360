package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// rulesName is the file with the rules of a repository.
const rulesName = ".meshctl.yaml"

// analyzeRules are what a repository says about its own analysis.
type analyzeRules struct {
	Analyze struct {
		Check    []string          `json:"check"`
		Skip     []string          `json:"skip"`
		Severity map[string]string `json:"severity"`
		Suppress []suppressRule    `json:"suppress"`
	} `json:"analyze"`

	// file is where they were read, empty if there are none.
	file       string
	severities map[string]analyze.Severity
	suppress   []analyze.Suppression
}

type suppressRule struct {
	Code     string `json:"code"`
	Resource string `json:"resource"`
	Path     string `json:"path"`
	Reason   string `json:"reason"`
	Until    string `json:"until"`
}

// readRules reads the rules that the user names, or those of the nearest folder
// that has some, up to the top of the repository. The rules are not nil.
func (o *analyzeOptions) readRules() (*analyzeRules, error) {
	rules := &analyzeRules{file: o.rules}
	if o.rules == "" {
		rules.file = nearestRules()
	}
	if rules.file == "" {
		return rules, nil
	}
	text, err := os.ReadFile(rules.file)
	if err != nil {
		return rules, &SettingError{Place: rules.file, Problem: reason(err)}
	}
	return rules, rules.parse(text)
}

func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return err.Error()
}

func nearestRules() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		file := filepath.Join(folder, rulesName)
		if _, err := os.Stat(file); err == nil {
			return shortest(file)
		}
		parent := filepath.Dir(folder)
		if _, err := os.Stat(filepath.Join(folder, ".git")); err == nil || parent == folder {
			return ""
		}
		folder = parent
	}
}

// shortest names a file from the working directory.
func shortest(file string) string {
	if short, err := filepath.Rel(workingFolder(), file); err == nil {
		return short
	}
	return file
}

func (r *analyzeRules) parse(text []byte) error {
	document := object.Document{Source: object.Source{File: r.file, Line: 1}, Text: text}
	root, err := object.Parse(text)
	if err != nil {
		line := 1
		if parse, ok := errors.AsType[*object.ParseError](err); ok {
			line = max(parse.Line, 1)
		}
		return &SettingError{Place: fmt.Sprintf("%s:%d", r.file, line), Problem: err.Error()}
	}
	place := func(path object.Path) object.Position { return document.Locate(&root, path) }
	wrong := func(path object.Path, format string, values ...any) *SettingError {
		return &SettingError{Place: fmt.Sprintf("%s:%d", r.file, place(path).Line), Problem: fmt.Sprintf(format, values...)}
	}
	if root.Kind == object.NullNode {
		return nil
	}
	var decoder decode.Decoder
	if problems := decoder.Into(&root, r, nil); len(problems) > 0 {
		problem := problems[0]
		err := wrong(problem.Path, "%s %s", problem.Path, problem.Message)
		if problem.Reason == decode.UnknownField {
			err = wrong(problem.Path, "%s is no rule of analyze", problem.Path)
			err.Unknown, err.Near = true, profiles.Near(problem.Path[len(problem.Path)-1].Name, problem.Known)
		}
		return err
	}
	r.severities = map[string]analyze.Severity{}
	for _, pattern := range slices.Sorted(maps.Keys(r.Analyze.Severity)) {
		at := object.Field("analyze.severity").Key(pattern)
		var severity threshold
		if err := severity.Set(r.Analyze.Severity[pattern]); err != nil || severity.Severity == never {
			return wrong(at, "the severity of %s must be Info, Warning or Error", pattern)
		}
		if near, ok := knownCode(pattern); !ok {
			return wrong(at, "no check reports %s%s", pattern, near)
		}
		r.severities[pattern] = severity.Severity
	}
	for i, rule := range r.Analyze.Suppress {
		at := object.Field("analyze.suppress", i)
		suppression, problem := rule.suppression()
		if problem != "" {
			return wrong(at, "%s %s", at, problem)
		}
		suppression.Position = place(at)
		r.suppress = append(r.suppress, suppression)
	}
	return nil
}

// suppression is the rule as analysis takes it, or what is wrong with it.
func (s suppressRule) suppression() (out analyze.Suppression, problem string) {
	switch near, known := knownCode(s.Code); {
	case s.Code == "":
		return out, "has no code"
	case !known:
		return out, "is about " + s.Code + ", which no check reports" + near
	case strings.TrimSpace(s.Reason) == "":
		return out, "gives no reason"
	case s.Resource == "" && s.Path == "":
		return out, "says neither for which resource nor for which path"
	}
	out = analyze.Suppression{Code: s.Code, Resource: s.Resource, Path: s.Path, Reason: s.Reason}
	if out.Resource == "" {
		out.Resource = "*"
	}
	if s.Until != "" {
		var err error
		if out.Until, err = time.Parse(time.DateOnly, s.Until); err != nil {
			return out, "has until: " + s.Until + ", which is no date such as 2027-01-31"
		}
	}
	return out, ""
}

// relative names a file from the folder of the rules, as their paths do.
func (r *analyzeRules) relative(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	home, err := filepath.Abs(filepath.Dir(r.file))
	if err != nil {
		return name
	}
	if inside, err := filepath.Rel(home, full); err == nil {
		name = inside
	}
	return filepath.ToSlash(name)
}

// knownCode says whether a code or a pattern stands for any; else near holds what may have been meant.
func knownCode(pattern string) (near string, ok bool) {
	if codeKnown(pattern) {
		return "", true
	}
	if names := profiles.Near(strings.ToUpper(pattern), suite.Names()); len(names) > 0 {
		near = "; did you mean " + strings.Join(names, " or ") + "?"
	}
	return near, false
}
