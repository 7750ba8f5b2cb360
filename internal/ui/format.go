package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sigs.k8s.io/yaml"
)

// APIVersion is the version of every JSON and YAML answer.
const APIVersion = "meshctl.dev/v1"

// The formats Print knows. Commands may add formats that they print themselves.
const (
	Text = "text"
	JSON = "json"
	YAML = "yaml"
)

// Format is the value of an -o flag. The zero Format is text and allows what Print knows.
type Format struct {
	name    string
	allowed []string
}

// NewFormat is a format that starts as standard and can be set to one of
// allowed; without allowed, to text, json and yaml.
func NewFormat(standard string, allowed ...string) Format {
	return Format{name: standard, allowed: allowed}
}

// Is says whether name is the chosen format.
func (f Format) Is(name string) bool { return f.String() == name }

// Allowed lists the names a user can choose from.
func (f Format) Allowed() []string {
	if len(f.allowed) == 0 {
		return []string{Text, JSON, YAML}
	}
	return slices.Clone(f.allowed)
}

// String is the chosen format.
func (f Format) String() string {
	if f.name == "" {
		return Text
	}
	return f.name
}

// Set chooses a format, for a flag.
func (f *Format) Set(name string) error {
	if err := oneOf(name, f.Allowed()); err != nil {
		return err
	}
	f.name = name
	return nil
}

// Type is how usage texts call the value.
func (f Format) Type() string { return "format" }

func oneOf(value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("must be %s", list(allowed))
}

// View is a result as users see it. Marshalled to JSON it is an object with
// neither an apiVersion nor a kind of its own.
type View interface {
	// Kind names the result in JSON and YAML: "StatusReport".
	Kind() string
	// Text writes the result for a human.
	Text(w Writer) error
}

// Print writes view in the chosen format.
func Print(w Writer, format Format, view View) error {
	switch format.String() {
	case Text:
		return view.Text(w)
	case JSON:
		return printJSON(w, view)
	case YAML:
		return printYAML(w, view)
	}
	return fmt.Errorf("printing %s: unknown format %q", view.Kind(), format)
}

func printJSON(w io.Writer, view View) error {
	fields, err := marshal(view)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, `{"apiVersion":%q,"kind":%q`, APIVersion, view.Kind())
	// The fields are spliced in as they are, which keeps their order.
	if inner := bytes.TrimSpace(fields[1 : len(fields)-1]); len(inner) > 0 {
		text.WriteByte(',')
		text.Write(inner)
	}
	text.WriteString("}\n")

	var pretty bytes.Buffer
	if err := json.Indent(&pretty, text.Bytes(), "", "  "); err != nil {
		return fmt.Errorf("printing %s: %w", view.Kind(), err)
	}
	_, err = w.Write(pretty.Bytes())
	return err
}

func printYAML(w io.Writer, view View) error {
	fields, err := marshal(view)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "apiVersion: %s\nkind: %s\n", APIVersion, view.Kind())
	if string(fields) != "{}" {
		body, err := yaml.JSONToYAML(fields)
		if err != nil {
			return fmt.Errorf("printing %s: %w", view.Kind(), err)
		}
		text.Write(body)
	}
	_, err = w.Write(text.Bytes())
	return err
}

// marshal returns the view as one JSON object. Characters such as < stay
// readable: the text goes to a terminal or a file, not into a web page.
func marshal(view View) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(view); err != nil {
		return nil, fmt.Errorf("printing %s: %w", view.Kind(), err)
	}
	var fields map[string]json.RawMessage
	err := json.Unmarshal(text.Bytes(), &fields)
	if err == nil && fields == nil {
		err = errors.New("it is null")
	}
	for _, name := range []string{"apiVersion", "kind"} {
		if _, taken := fields[name]; taken && err == nil {
			err = fmt.Errorf("it has a field %q of its own", name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("printing %s: not fit for an envelope: %w", view.Kind(), err)
	}
	return bytes.TrimSpace(text.Bytes()), nil
}
