package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	apiVersion = "install.istio.io/v1alpha1"
	kind       = "IstioOperator"
)

// operator is what one file configures.
type operator struct {
	metadata *node
	spec     *node
}

// specKeys are the fields of an IstioOperator spec. A document that begins with
// one of them is taken for a bare spec: Oracle's module installer has its users
// write such files.
func specKeys() []string {
	return []string{
		"profile", "installPackagePath", "hub", "tag", "namespace", "revision", "compatibilityVersion",
		"meshConfig", "components", "values", "unvalidatedValues",
	}
}

// readFile reads a file that holds one IstioOperator or one bare spec.
func readFile(file File) (operator, error) {
	documents, err := decode(file.Data, Origin{Kind: FromFile, Name: file.Name})
	if err != nil || len(documents) == 0 {
		return operator{}, err
	}
	found, err := readOperator(documents[0])
	if err != nil {
		return operator{}, err
	}
	if len(documents) > 1 {
		second := documents[1].origin
		return operator{}, &InputError{
			Place:   second,
			Problem: fmt.Sprintf("a second document begins here (the first is on line %d), but a file may hold only one %s", documents[0].origin.Line, kind),
			Hint:    "split the file and name each part with -f",
		}
	}
	return found, nil
}

func readOperator(document *node) (operator, error) {
	if document.kind != mapping {
		return operator{}, &InputError{Place: document.origin, Problem: "expected an " + kind + ", found " + document.describe()}
	}
	if document.has("apiVersion") || document.has("kind") || document.has("spec") {
		return readFull(document)
	}
	for _, key := range specKeys() {
		if document.has(key) {
			return operator{spec: document}, nil
		}
	}
	keys := document.keys()
	problem := &InputError{
		Place:   document.origin,
		Problem: fmt.Sprintf("expected an %s or its bare spec, found a document with the keys %s", kind, strings.Join(keys, ", ")),
		Hint:    "begin the file with apiVersion: " + apiVersion + " and kind: " + kind,
	}
	if areValues(keys) {
		problem.Problem = fmt.Sprintf("expected an %s, found values for Helm: %s", kind, strings.Join(keys, ", "))
		problem.Hint = "put them below spec.values of an " + kind
	} else if len(keys) > 0 {
		problem.Hint = either(didYouMean(Near(keys[0], specKeys())), problem.Hint)
	}
	return operator{}, problem
}

// areValues reports whether all keys are known below spec.values.
func areValues(keys []string) bool {
	known := valuesSchema(nil).fields()
	addOns := components()
	for _, key := range keys {
		isAddOn := slices.ContainsFunc(addOns, func(row component) bool { return row.addOn && row.root[0] == key })
		if known[key] == nil && !isAddOn {
			return false
		}
	}
	return len(keys) > 0
}

func readFull(document *node) (operator, error) {
	var errs []error
	for _, key := range document.keys() {
		child := document.fields[key]
		switch key {
		case "apiVersion":
			errs = append(errs, expectText(child, key, apiVersion))
		case "kind":
			errs = append(errs, expectText(child, key, kind))
		case "spec", "metadata":
			if child.kind != mapping && !child.null() {
				errs = append(errs, &InputError{Place: child.origin, Path: key, Problem: "expected a mapping, found " + child.describe()})
			}
		case "status": // written by an operator of old, tells nothing about what is wanted
		default:
			errs = append(errs, unknownTopLevel(child, key))
		}
	}
	return operator{metadata: document.at("metadata"), spec: document.at("spec")}, errors.Join(errs...)
}

func expectText(child *node, key, want string) error {
	if child.kind == scalar && child.text == want {
		return nil
	}
	return &InputError{
		Place:   child.origin,
		Path:    key,
		Problem: fmt.Sprintf("expected %s, found %s", want, child.describe()),
		Hint:    "only " + kind + " files of " + apiVersion + " configure an installation",
	}
}

func unknownTopLevel(child *node, key string) error {
	hint := didYouMean(Near(key, []string{"apiVersion", "kind", "metadata", "spec"}))
	if slices.Contains(specKeys(), key) {
		hint = "move it below spec"
	}
	return &InputError{Place: child.origin, Path: key, Problem: "unknown field", Hint: hint}
}

// describe says what a node is, for errors.
func (n *node) describe() string {
	switch {
	case n.kind == mapping:
		return "a mapping"
	case n.kind == list:
		return "a list"
	case n.null():
		return "nothing"
	}
	if _, isText := n.value.(string); isText {
		return fmt.Sprintf("%q", n.text)
	}
	return n.text
}
