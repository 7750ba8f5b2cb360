package object

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// SyntaxError is text that is not YAML or JSON, or not a Kubernetes object.
type SyntaxError struct {
	Source Source
	Err    error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %v", e.Source.File, e.Source.Line, e.Err)
}

func (e *SyntaxError) Unwrap() error { return e.Err }

// Decode reads the objects of a stream of YAML or JSON documents. Empty
// documents are passed over; a List is not opened. file names the stream in
// sources and errors.
func Decode(file string, text []byte) ([]Object, error) {
	documents, err := Split(file, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	objects := make([]Object, 0, len(documents))
	for _, document := range documents {
		object, err := decodeOne(document)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

func decodeOne(document Document) (Object, error) {
	content, err := decodeMap(document.Text)
	if err != nil {
		return Object{}, &SyntaxError{Source: document.Source, Err: err}
	}
	object := New(content, document.Source)
	if object.GetKind() == "" || object.GetAPIVersion() == "" {
		return Object{}, &SyntaxError{Source: document.Source, Err: errors.New("not a Kubernetes object: apiVersion or kind is missing")}
	}
	return object, nil
}

// decodeMap reads one document. JSON, which our own charts hold in large
// amounts, is read as such, since that is ten times as fast as through YAML.
func decodeMap(text []byte) (map[string]any, error) {
	var content map[string]any
	// Numbers must be int64 or float64, as the API machinery's deep copies expect.
	if bytes.HasPrefix(text, []byte("{")) && utiljson.Unmarshal(text, &content) == nil {
		return content, nil
	}
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	content = nil
	err = utiljson.Unmarshal(asJSON, &content)
	return content, err
}

// Split cuts a stream at its "---" lines and drops documents that hold nothing
// but blanks and comments.
func Split(file string, stream io.Reader) ([]Document, error) {
	var (
		documents []Document
		text      bytes.Buffer
		start     = 0
		line      = 0
		lines     = bufio.NewScanner(stream)
	)
	const longestLine = 16 << 20 // a ConfigMap may hold a whole file on one line
	lines.Buffer(make([]byte, 0, 64<<10), longestLine)
	flush := func() {
		if start > 0 {
			documents = append(documents, Document{Source: Source{File: file, Line: start}, Text: bytes.Clone(text.Bytes())})
		}
		text.Reset()
		start = 0
	}
	for lines.Scan() {
		line++
		content := lines.Text()
		if content == "---" || strings.HasPrefix(content, "--- ") {
			flush()
			continue
		}
		if blank := strings.TrimSpace(content); start == 0 {
			if blank == "" || strings.HasPrefix(blank, "#") {
				continue
			}
			start = line
		}
		text.WriteString(content)
		text.WriteByte('\n')
	}
	flush()
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return documents, nil
}
