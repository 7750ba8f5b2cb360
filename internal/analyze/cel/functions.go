package cel

import (
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/cel-go/common/functions"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// extensions are the functions that Kubernetes adds to those of CEL, as far as
// rules in the definitions of meshes use them and their like. A rule that calls
// another one is not evaluated.
func extensions() []*functions.Overload {
	return slices.Concat(textFunctions(), addressFunctions())
}

// define gives a name to a function for any number of arguments.
func define(name string, do functions.FunctionOp) *functions.Overload {
	return &functions.Overload{
		Operator: name,
		Unary:    func(value ref.Val) ref.Val { return do(value) },
		Binary:   func(left, right ref.Val) ref.Val { return do(left, right) },
		Function: do,
	}
}

// ofTexts gives a name to a function of texts alone.
func ofTexts(name string, count int, do func(texts []string) ref.Val) *functions.Overload {
	return define(name, func(values ...ref.Val) ref.Val {
		texts := make([]string, 0, len(values))
		for _, value := range values {
			text, ok := value.(types.String)
			if !ok || len(values) != count {
				return types.MaybeNoSuchOverloadErr(value)
			}
			texts = append(texts, string(text))
		}
		return do(texts)
	})
}

func textFunctions() []*functions.Overload {
	return []*functions.Overload{
		ofTexts("lowerAscii", 1, func(t []string) ref.Val { return types.String(ascii(t[0], 'A', 'Z')) }),
		ofTexts("upperAscii", 1, func(t []string) ref.Val { return types.String(ascii(t[0], 'a', 'z')) }),
		ofTexts("trim", 1, func(t []string) ref.Val { return types.String(strings.TrimSpace(t[0])) }),
		ofTexts("replace", 3, func(t []string) ref.Val { return types.String(strings.ReplaceAll(t[0], t[1], t[2])) }),
		ofTexts("split", 2, func(t []string) ref.Val { return textList(strings.Split(t[0], t[1])) }),
		ofTexts("find", 2, func(t []string) ref.Val {
			return matching(t[1], func(r *regexp.Regexp) ref.Val { return types.String(r.FindString(t[0])) })
		}),
		ofTexts("findAll", 2, func(t []string) ref.Val {
			return matching(t[1], func(r *regexp.Regexp) ref.Val { return textList(r.FindAllString(t[0], -1)) })
		}),
		ofTexts("indexOf", 2, func(t []string) ref.Val { return position(t[0], strings.Index(t[0], t[1])) }),
		ofTexts("lastIndexOf", 2, func(t []string) ref.Val { return position(t[0], strings.LastIndex(t[0], t[1])) }),
		define("substring", substring),
		define("join", join),
	}
}

// ascii changes the case of the letters between two.
func ascii(text string, first, last rune) string {
	return strings.Map(func(r rune) rune {
		if r >= first && r <= last {
			return r ^ ' '
		}
		return r
	}, text)
}

func textList(texts []string) ref.Val { return types.NewStringList(types.DefaultTypeAdapter, texts) }

func matching(pattern string, do func(*regexp.Regexp) ref.Val) ref.Val {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return types.NewErr("Illegal regex: %v", err)
	}
	return do(compiled)
}

// position counts characters where Go counts bytes.
func position(text string, at int) ref.Val {
	if at < 0 {
		return types.Int(at)
	}
	return types.Int(utf8.RuneCountInString(text[:at]))
}

// substring is text.substring(start) and text.substring(start, end), in characters.
func substring(values ...ref.Val) ref.Val {
	text, ok := values[0].(types.String)
	if !ok || len(values) < 2 || len(values) > 3 {
		return types.MaybeNoSuchOverloadErr(values[0])
	}
	runes := []rune(string(text))
	bounds := [2]int{0, len(runes)}
	for i, value := range values[1:] {
		number, ok := value.(types.Int)
		if !ok {
			return types.MaybeNoSuchOverloadErr(value)
		}
		if number < 0 || int(number) > len(runes) {
			return types.NewErr("index out of range: %d", number)
		}
		bounds[i] = int(number)
	}
	if bounds[0] > bounds[1] {
		return types.NewErr("invalid substring range. start: %d, end: %d", bounds[0], bounds[1])
	}
	return types.String(runes[bounds[0]:bounds[1]])
}

// join is list.join() and list.join(separator).
func join(values ...ref.Val) ref.Val {
	list, ok := values[0].(traits.Lister)
	separator := types.String("")
	if len(values) == 2 && ok {
		separator, ok = values[1].(types.String)
	}
	if !ok || len(values) > 2 {
		return types.MaybeNoSuchOverloadErr(values[0])
	}
	var texts []string
	for items := list.Iterator(); items.HasNext() == types.True; {
		text, ok := items.Next().(types.String)
		if !ok {
			return types.NewErr("join: invalid input")
		}
		texts = append(texts, string(text))
	}
	return types.String(strings.Join(texts, string(separator)))
}

func addressFunctions() []*functions.Overload {
	return []*functions.Overload{
		ofTexts("isURL", 1, func(t []string) ref.Val {
			_, err := url.ParseRequestURI(t[0])
			return types.Bool(err == nil)
		}),
		ofTexts("url", 1, parseURL),
		ofURL("getScheme", func(u *url.URL) ref.Val { return types.String(u.Scheme) }),
		ofURL("getHost", func(u *url.URL) ref.Val { return types.String(u.Host) }),
		ofURL("getHostname", func(u *url.URL) ref.Val { return types.String(u.Hostname()) }),
		ofURL("getPort", func(u *url.URL) ref.Val { return types.String(u.Port()) }),
		ofURL("getEscapedPath", func(u *url.URL) ref.Val { return types.String(u.EscapedPath()) }),
		ofURL("getQuery", func(u *url.URL) ref.Val {
			return types.DefaultTypeAdapter.NativeToValue(map[string][]string(u.Query()))
		}),
		ofTexts("isIP", 1, func(t []string) ref.Val {
			address, err := netip.ParseAddr(t[0])
			return types.Bool(err == nil && plainAddress(address))
		}),
		ofTexts("isCIDR", 1, func(t []string) ref.Val {
			network, err := netip.ParsePrefix(t[0])
			return types.Bool(err == nil && plainAddress(network.Addr()))
		}),
	}
}

// plainAddress rules out what Kubernetes has no use for.
func plainAddress(address netip.Addr) bool { return address.Zone() == "" && !address.Is4In6() }

// parseURL parses twice, as the API server: relative URLs are none, and only
// the second parser knows fragments.
func parseURL(t []string) ref.Val {
	_, err := url.ParseRequestURI(t[0])
	if err != nil {
		return types.NewErr("URL parse error during conversion from string: %v", err)
	}
	parsed, err := url.Parse(t[0])
	if err != nil {
		return types.NewErr("URL parse error during conversion from string: %v", err)
	}
	return urlValue{parsed}
}

func ofURL(name string, do func(*url.URL) ref.Val) *functions.Overload {
	return define(name, func(values ...ref.Val) ref.Val {
		if u, ok := values[0].(urlValue); ok && len(values) == 1 {
			return do(u.url)
		}
		return types.MaybeNoSuchOverloadErr(values[0])
	})
}

// urlValue is what url() makes.
type urlValue struct{ url *url.URL }

// ConvertToNative implements ref.Val.
func (u urlValue) ConvertToNative(to reflect.Type) (any, error) {
	return nil, types.NewErr("type conversion error from 'URL' to '%v'", to).Value().(error)
}

// ConvertToType implements ref.Val.
func (u urlValue) ConvertToType(to ref.Type) ref.Val {
	if to == types.StringType {
		return types.String(u.url.String())
	}
	return types.NewErr("type conversion error from 'URL' to '%s'", to.TypeName())
}

// Equal implements ref.Val.
func (u urlValue) Equal(other ref.Val) ref.Val {
	another, ok := other.(urlValue)
	return types.Bool(ok && another.url.String() == u.url.String())
}

// Type implements ref.Val.
func (u urlValue) Type() ref.Type { return types.NewOpaqueType("kubernetes.URL") }

// Value implements ref.Val.
func (u urlValue) Value() any { return u.url }
