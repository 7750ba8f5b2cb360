package analyze

import "testing"

func TestPathPattern(t *testing.T) {
	for _, test := range []struct {
		pattern, file string
		want          bool
	}{
		{"deploy/legacy", "deploy/legacy/a/b.yaml", true},
		{"deploy/legacy/", "deploy/legacy/b.yaml", true},
		{"deploy/legacy", "deploy/legacy2/b.yaml", false},
		{"deploy/*.yaml", "deploy/a.yaml", true},
		{"deploy/*.yaml", "deploy/a/b.yaml", false},
		{"deploy/**/*.yaml", "deploy/a/b.yaml", true},
		{"deploy/**/*.yaml", "deploy/b.yaml", true},
		{"**/test/**", "a/b/test/c.yaml", true},
		{"**/test/**", "test/c.yaml", true},
		{"**", "a/b.yaml", true},
		{"a?.yaml", "ab.yaml", true},
		{"a?.yaml", "a/.yaml", false},
		{"a[1].yaml", "a[1].yaml", true},
		{"a+.yaml", "aa.yaml", false},
	} {
		if got := pathPattern(test.pattern).MatchString(test.file); got != test.want {
			t.Errorf("%s and %s: %v", test.pattern, test.file, got)
		}
	}
}

func TestOptions_LongestPatternDecides(t *testing.T) {
	options := Options{Severities: map[string]Severity{"IST*": Info, "IST01*": Error, "KIA1101": Warning}}
	for _, test := range []struct {
		code *Code
		want Severity
	}{
		{&Code{ID: "IST0101", Aliases: []string{"KIA1101"}}, Warning},
		{&Code{ID: "IST0102"}, Error},
		{&Code{ID: "IST0002"}, Info},
		{&Code{ID: "MSH0002"}, Warning},
	} {
		if got := options.severity(test.code, Warning); got != test.want {
			t.Errorf("%s is %s", test.code.ID, got)
		}
	}
}
