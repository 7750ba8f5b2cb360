package cli

import (
	"path"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/profiles"
)

// suppressions reads --suppress. A code that no check has is a warning only: it
// may be one of another version.
func suppressions(env *Env, texts []string) ([]analyze.Suppression, error) {
	all := make([]analyze.Suppression, len(texts))
	for i, text := range texts {
		var err error
		if all[i], err = analyze.ParseSuppression(text); err != nil {
			return nil, usageErrorf("invalid value for --suppress: %w", err)
		}
		code := strings.ToUpper(all[i].Code)
		if _, err := path.Match(code, ""); err != nil {
			return nil, usageErrorf("invalid value %q for --suppress: the pattern of codes has an open bracket", text)
		}
		if !codeKnown(code) {
			warning := "--suppress " + text + ": no check reports " + all[i].Code
			if near := profiles.Near(code, suite.Names()); len(near) > 0 {
				warning += "; did you mean " + strings.Join(near, " or ") + "?"
			}
			env.warn(warning)
		}
	}
	return all, nil
}

// codeKnown says whether a code, or a pattern of codes, stands for any.
func codeKnown(pattern string) bool {
	return slices.ContainsFunc(suite.Names(), func(name string) bool {
		matched, err := path.Match(strings.ToUpper(pattern), name)
		return matched && err == nil
	})
}
