package cel

import "strings"

// escapes are how CEL writes what its names cannot have.
func escapes() []string {
	return []string{"__", "__underscores__", ".", "__dot__", "-", "__dash__", "/", "__slash__"}
}

// keywords are the names of fields that rules put between underscores.
const keywords = " true false null in as break const continue else for function if import let loop package namespace return var void while "

// Escape is how rules write the name of a field; ok is false if they cannot.
func Escape(name string) (escaped string, ok bool) {
	if strings.Contains(keywords, " "+name+" ") {
		return "__" + name + "__", name != ""
	}
	if name == "" || isDigit(name[0]) {
		return "", false
	}
	plain := true
	for i := range len(name) {
		switch c := name[i]; {
		case c == '.' || c == '-' || c == '/':
			plain = false
		case !isLetter(c) && !isDigit(c):
			return "", false
		}
	}
	if plain && !strings.Contains(name, "__") {
		return name, true
	}
	return strings.NewReplacer(escapes()...).Replace(name), true
}

// Unescape is the name of the field that a rule writes so.
func Unescape(written string) string {
	if !strings.Contains(written, "__") {
		return written
	}
	if inner, ok := strings.CutPrefix(written, "__"); ok {
		if inner, ok = strings.CutSuffix(inner, "__"); ok && strings.Contains(keywords, " "+inner+" ") {
			return inner
		}
	}
	pairs := escapes()
	for i := 0; i < len(pairs); i += 2 {
		pairs[i], pairs[i+1] = pairs[i+1], pairs[i]
	}
	return strings.NewReplacer(pairs...).Replace(written)
}
