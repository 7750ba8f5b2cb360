package output_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"testing"
)

// element is an element of XML: of a schema, or of what is to be checked by it.
type element struct {
	name     string
	attrs    map[string]string
	children []*element
	text     string
}

func parseXML(t *testing.T, text []byte) *element {
	t.Helper()
	root := &element{}
	stack := []*element{root}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, attr := range token.Attr {
				child.attrs[attr.Name.Local] = attr.Value
			}
			top.children = append(top.children, child)
			stack = append(stack, child)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(bytes.TrimSpace(token))
		}
	}
	if len(root.children) != 1 {
		t.Fatalf("there are %d elements at the top", len(root.children))
	}
	return root.children[0]
}

// xsd knows that part of XML Schema which the schemas here use, and fails for
// any other, so that no rule is passed over.
type xsd struct {
	elements, types map[string]*element
}

func readXSD(t *testing.T, file string) xsd {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	schema := xsd{map[string]*element{}, map[string]*element{}}
	for _, part := range parseXML(t, text).children {
		switch part.name {
		case "element":
			schema.elements[part.attrs["name"]] = part
		case "simpleType":
			schema.types[part.attrs["name"]] = part
		default:
			t.Fatalf("%s: the schema has a %s, which this test does not know", file, part.name)
		}
	}
	return schema
}

func (s xsd) check(e *element) error {
	rule, ok := s.elements[e.name]
	if !ok {
		return fmt.Errorf("there is no element %s", e.name)
	}
	if simple := rule.attrs["type"]; simple != "" {
		if len(e.children)+len(e.attrs) > 0 {
			return fmt.Errorf("%s must be text alone", e.name)
		}
		return s.value(simple, e.text)
	}
	complexType := rule.children[0]
	known := map[string]bool{}
	next := 0
	for _, part := range complexType.children {
		switch part.name {
		case "sequence":
			for _, item := range part.children {
				n, err := s.repeat(item, e.children[next:])
				if err != nil {
					return fmt.Errorf("%s: %w", e.name, err)
				}
				next += n
			}
		case "attribute":
			name := part.attrs["name"]
			known[name] = true
			value, there := e.attrs[name]
			if !there && part.attrs["use"] == "required" {
				return fmt.Errorf("%s lacks %s", e.name, name)
			}
			if err := s.value(part.attrs["type"], value); there && err != nil {
				return fmt.Errorf("%s of %s: %w", name, e.name, err)
			}
		default:
			return fmt.Errorf("the schema has a %s, which this test does not know", part.name)
		}
	}
	if next < len(e.children) {
		return fmt.Errorf("%s: there must be no %s here", e.name, e.children[next].name)
	}
	for name := range e.attrs {
		if !known[name] {
			return fmt.Errorf("%s has no attribute %s", e.name, name)
		}
	}
	if e.text != "" && complexType.attrs["mixed"] != "true" {
		return fmt.Errorf("%s must not have text", e.name)
	}
	return nil
}

// repeat takes as many of an element as there may be.
func (s xsd) repeat(item *element, children []*element) (int, error) {
	least, most := 1, 1
	if n, err := strconv.Atoi(item.attrs["minOccurs"]); err == nil {
		least = n
	}
	if text := item.attrs["maxOccurs"]; text == "unbounded" {
		most = len(children)
	} else if n, err := strconv.Atoi(text); err == nil {
		most = n
	}
	count := 0
	for count < min(most, len(children)) && children[count].name == item.attrs["ref"] {
		if err := s.check(children[count]); err != nil {
			return 0, err
		}
		count++
	}
	if count < least {
		return 0, fmt.Errorf("there must be %d of %s", least, item.attrs["ref"])
	}
	return count, nil
}

func (s xsd) value(simple, text string) error {
	switch simple {
	case "xs:string":
		return nil
	case "xs:positiveInteger":
		if n, err := strconv.Atoi(text); err != nil || n < 1 {
			return fmt.Errorf("%q is no positive integer", text)
		}
		return nil
	}
	rule, ok := s.types[simple]
	if !ok {
		return fmt.Errorf("there is no type %s", simple)
	}
	if !slices.ContainsFunc(rule.children[0].children, func(one *element) bool { return one.name == "enumeration" && one.attrs["value"] == text }) {
		return fmt.Errorf("%q is no %s", text, simple)
	}
	return nil
}

func TestXSD_Refuses(t *testing.T) {
	schema := readXSD(t, "testdata/schemas/checkstyle.xsd")
	for _, text := range []string{
		`<checkstyle/>`,
		`<checkstyle version="1"><error severity="error" message="x"/></checkstyle>`,
		`<checkstyle version="1"><file name="x"><error severity="bad" message="x"/></file></checkstyle>`,
		`<checkstyle version="1"><file name="x"><error severity="error" message="x" line="0"/></file></checkstyle>`,
		`<checkstyle version="1"><file name="x" size="1"/></checkstyle>`,
		`<checkstyle version="1">text</checkstyle>`,
	} {
		if schema.check(parseXML(t, []byte(text))) == nil {
			t.Errorf("it takes %s", text)
		}
	}
}
