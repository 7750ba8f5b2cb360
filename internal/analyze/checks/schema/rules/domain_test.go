package rules_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func TestDomainFault_AndWildcardFault(t *testing.T) {
	for _, test := range []struct {
		text             string
		domain, wildcard bool
	}{
		{"", false, false},
		{"a", true, true},
		{"A.Example.COM", true, true},
		{"a.example.com.", true, true},
		{"a..b", false, false},
		{".a", false, false},
		{"-a.b", false, false},
		{"a_b.c", false, false},
		{"10.0.0.1", false, false},
		{"a.b.1", false, false},
		{"1", false, true}, // as a wildcard, one label may be a number
		{"*", false, true},
		{"*.a", false, true},
		{"*a.b", false, true},
		{"*-a.b", false, true},
		{"a*.b", false, false},
		{"a.*.b", false, false},
		{"*.*", false, false},
		{"*a*.b", false, false},
	} {
		if got := rules.DomainFault(test.text) == ""; got != test.domain {
			t.Errorf("%q is a domain: %v", test.text, got)
		}
		if got := rules.WildcardFault(test.text) == ""; got != test.wildcard {
			t.Errorf("%q is a domain or a wildcard: %v", test.text, got)
		}
	}
}

func TestIncludes(t *testing.T) {
	for _, test := range []struct {
		host, other string
		want        bool
	}{
		{"a.b", "a.b", true},
		{"a.b", "*.b", false},
		{"*.b", "a.b", true},
		{"*.b", "b", false},
		{"*.b", "*.a.b", true},
		{"*.a.b", "*.b", false},
		{"*", "*.b", true},
		{"*", "a", true},
	} {
		if got := rules.Includes(test.host, test.other); got != test.want {
			t.Errorf("%s includes %s: %v", test.host, test.other, got)
		}
	}
}

func TestHeaderValueFault(t *testing.T) {
	for text, fine := range map[string]bool{
		"":                                 true,
		"a\tb":                             true,
		"100%%":                            true,
		"%START_TIME%":                     true,
		"%START_TIME(%s)%":                 true,
		"%REQ(X-A?Y-B):12%":                true,
		`%UPSTREAM_METADATA(["a", "b"])%!`: true,
		"100%":                             false,
		"%a%":                              false,
		"%REQ(%":                           false,
		"%REQ(a):%":                        false,
		"%REQ(a)":                          false,
		"a\nb":                             false,
		"\x7f":                             false,
	} {
		if fault := rules.HeaderValueFault(text); (fault == "") != fine {
			t.Errorf("%q: %q", text, fault)
		}
	}
}

func TestIsAddress(t *testing.T) {
	for text, want := range map[string]bool{
		"10.0.0.1": true, "2001:db8::1": true, "::": true, "fe80::1%eth0": true, "::ffff:10.0.0.1": true,
		"": false, "a": false, "cafe": false, "10.0.0": false, "10.0.0.1/8": false, "bad.cafe": false, "1": false,
	} {
		if got := rules.IsAddress(text); got != want {
			t.Errorf("%q is an address: %v", text, got)
		}
	}
}
