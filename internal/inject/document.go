package inject

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Outcome is what became of one object of a stream.
type Outcome struct {
	Ref    object.Ref
	Source object.Source
	// Workload says whether the object has a pod.
	Workload bool
	Decision
	// Changed says whether the text is another one now.
	Changed bool
	// Added and Removed are the containers that came and went.
	Added, Removed []string
}

// podChange says what a pod becomes. It returns the pod itself to leave it alone.
type podChange func(pod *corev1.Pod, notes record) (*corev1.Pod, Decision, error)

// rewriter changes the pods in streams of documents and nothing else.
type rewriter struct {
	kinds     Kinds
	namespace string
	change    podChange
}

// tools are what one worker changes documents with. They keep their memory from
// one document to the next.
type tools struct {
	// parser reads documents, and what was written, to see whether it means what it has to.
	parser object.Parser
	out    emitter
}

// ObjectError is an object that something is wrong with.
type ObjectError struct {
	Ref    object.Ref
	Source object.Source
	Err    error
}

func (e *ObjectError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %v", e.Source.File, e.Source.Line, e.Ref, e.Err)
}
func (e *ObjectError) Unwrap() error { return e.Err }

// stream rewrites all documents of a stream, several at a time.
func (w *rewriter) stream(file string, text []byte) ([]byte, []Outcome, error) {
	parts := split(text)
	texts := make([][]byte, len(parts))
	outcomes := make([][]Outcome, len(parts))
	errs := make([]error, len(parts))
	var workers sync.WaitGroup
	var taken atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		workers.Go(func() {
			with := &tools{}
			for i := taken.Add(1) - 1; i < int64(len(parts)); i = taken.Add(1) - 1 {
				texts[i], outcomes[i], errs[i] = w.document(parts[i], file, with)
			}
		})
	}
	workers.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	size := 0
	for i, part := range parts {
		size += len(part.mark) + len(texts[i])
	}
	var out bytes.Buffer
	out.Grow(size)
	for i, part := range parts {
		out.Write(part.mark)
		out.Write(texts[i])
	}
	return out.Bytes(), slices.Concat(outcomes...), nil
}

// target is one object in a document with a pod to change.
type target struct {
	outcome Outcome
	// number is that of the outcome among those of the document.
	number   int
	template *yaml.Node
	limit    int
	// shared is set when its text belongs to others, too.
	shared bool
	// before and after are the fields of the pod template.
	whole, before, after any
	// record is the note for uninject, and old the one that stands there.
	record, old record
	// idle is set when nothing of the change can be seen in the text: it keeps
	// fields that the types do not know, and with them what they stand in.
	idle bool
}

func (w *rewriter) document(p part, file string, with *tools) ([]byte, []Outcome, error) {
	if p.empty() {
		return p.text, nil, nil
	}
	source := object.Source{File: file, Line: p.firstLine()}
	whole := p.withEnd()
	root, err := with.read(whole)
	if err != nil {
		return nil, nil, &object.SyntaxError{Source: located(err, object.Source{File: file, Line: p.line}, 1), Err: err}
	}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return nil, nil, &object.SyntaxError{Source: source, Err: errors.New("not a Kubernetes object: it has no fields")}
	}
	e := newEditor(whole, with)
	targets, outcomes, err := w.lookAll(e, root, object.Source{File: file, Line: p.line})
	if err == nil && slices.ContainsFunc(targets, func(t *target) bool { return t.shared }) {
		e.failed = true
		root = expanded(root)
		targets, outcomes, err = w.lookAll(e, root, object.Source{File: file, Line: p.line})
	}
	if err != nil {
		return nil, nil, err
	}
	if len(targets) == 0 {
		return p.text, outcomes, nil
	}
	var text []byte
	if err = repeated(root); err == nil {
		text, err = e.changeAll(root, targets)
	}
	if err != nil {
		return nil, nil, &object.SyntaxError{Source: located(err, object.Source{File: file, Line: p.line}, 1), Err: err}
	}
	if !e.failed && settle(targets, outcomes) {
		return p.text, outcomes, nil
	}
	if e.failed {
		first := &outcomes[targets[0].number]
		first.Warnings = append(first.Warnings, fmt.Sprintf("the document at %s:%d is written in a way that cannot be changed in place; it is written anew, without its comments", file, source.Line))
	}
	return text, outcomes, nil
}

// located is where in a file an error is that tells the line of a document, of
// which one line is known to be at a source; or else that source.
func located(err error, source object.Source, line int) object.Source {
	var at *object.ParseError
	if errors.As(err, &at) && at.Line > 0 {
		source.Line += at.Line - line
	}
	return source
}

// lookAll looks at every object of a document, and finds those that change.
func (w *rewriter) lookAll(e *editor, root *yaml.Node, first object.Source) ([]*target, []Outcome, error) {
	found := objectsIn(root.Content[0], e.last())
	var targets []*target
	outcomes := make([]Outcome, 0, len(found))
	for _, place := range found {
		t, err := w.look(e, place, object.Source{File: first.File, Line: first.Line + place.node.Line - 1})
		if err != nil {
			return nil, nil, err
		}
		if t.shared || t.template != nil && !equalFields(t.before, t.after) {
			t.outcome.Changed, t.number = true, len(outcomes)
			targets = append(targets, t)
		}
		outcomes = append(outcomes, t.outcome)
	}
	return targets, outcomes, nil
}

// settle corrects the outcomes of changes that came to nothing, and says whether
// all did.
func settle(targets []*target, outcomes []Outcome) (idle bool) {
	idle = true
	for _, t := range targets {
		outcomes[t.number].Changed = !t.idle
		idle = idle && t.idle
	}
	return idle
}

// firstLine is the line of the first thing in a document that is no comment.
func (p part) firstLine() int {
	line := p.line
	for text := range bytes.Lines(p.text) {
		text = bytes.TrimSpace(text)
		if len(text) > 0 && text[0] != '#' {
			break
		}
		line++
	}
	return line
}

// place is where an object stands in a document.
type place struct {
	node  *yaml.Node
	limit int
}

// objectsIn opens lists.
func objectsIn(node *yaml.Node, limit int) []place {
	kind, _ := fieldOf(node, limit, "kind")
	items, end := fieldOf(node, limit, "items")
	if kind == nil || !strings.HasSuffix(kind.Value, "List") || items == nil || items.Kind != yaml.SequenceNode {
		return []place{{node, limit}}
	}
	var all []place
	for i, item := range items.Content {
		next := end
		if i+1 < len(items.Content) {
			next = items.Content[i+1].Line
		}
		if item.Kind == yaml.MappingNode || item.Kind == yaml.AliasNode {
			all = append(all, objectsIn(item, next)...)
		}
	}
	return all
}

// fieldOf is the value of a field of a mapping, and the line on which what
// follows it starts.
func fieldOf(node *yaml.Node, limit int, name string) (*yaml.Node, int) {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil, limit
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value != name {
			continue
		}
		if i+2 < len(node.Content) {
			limit = node.Content[i+2].Line
		}
		return node.Content[i+1], limit
	}
	return nil, limit
}

// changeAll writes all changes of a document into its text. A text that cannot be
// edited, such as one with anchors, is written anew.
func (e *editor) changeAll(root *yaml.Node, targets []*target) ([]byte, error) {
	e.style.listIndent = listIndent(root)
	if isJSON(e.text) || e.failed {
		want, err := expected(root, targets)
		if err != nil {
			return nil, err
		}
		return e.anew(root, want)
	}
	for _, t := range targets {
		edits := len(e.edits)
		e.change(t.template, t.limit, t.before, t.after)
		e.note(t)
		t.idle = len(e.edits) == edits
	}
	text := e.result()
	want, err := expected(root, targets)
	if err != nil {
		return nil, err
	}
	if !e.failed && e.means(text, want) {
		return text, nil
	}
	e.failed = true
	return e.anew(root, want)
}

// expected is what a document is to mean.
func expected(root *yaml.Node, targets []*target) (any, error) {
	changed := values{}
	for _, t := range targets {
		changed[t.template] = carry(t.whole, t.before, t.after)
	}
	return changed.of(root)
}

// means checks an edit: the ways of YAML to write things are many, and the editor
// goes by lines. What most documents are made of is read faster than by the library.
func (e *editor) means(text []byte, want any) bool {
	if node, err := e.with.parser.Parse(text); err == nil && says(&node, want) {
		return true
	}
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil || len(root.Content) == 0 {
		return false
	}
	nameKeys(&root)
	got, err := valueOf(&root)
	return err == nil && equalFields(got, want)
}

// errUnwritable is a fault of ours; better nothing than what means something else.
var errUnwritable = errors.New("what it becomes cannot be written")

// anew writes a document from its values.
func (e *editor) anew(root *yaml.Node, value any) ([]byte, error) {
	text, err := e.write(root, value)
	if err == nil && !e.means(text, value) {
		return nil, errUnwritable
	}
	return text, err
}

func (e *editor) write(root *yaml.Node, value any) ([]byte, error) {
	if isJSON(e.text) {
		return inOrderOf(root.Content[0], value, bytes.Count(bytes.TrimSpace(e.text), []byte("\n")) > 0)
	}
	out := e.emitter()
	fields, _ := value.(map[string]any)
	for _, key := range orderedKeys(fields) {
		out.field(0, key, fields[key])
	}
	return bytes.Clone(out.Bytes()), nil
}

// listIndent is by how much the lists of a document stand right of their keys,
// judged by the first that there is.
func listIndent(node *yaml.Node) int {
	found := -1
	var walk func(*yaml.Node)
	walk = func(node *yaml.Node) {
		for i, child := range node.Content {
			if found >= 0 {
				return
			}
			if node.Kind == yaml.MappingNode && i%2 == 1 && isBlock(child, yaml.SequenceNode) {
				found = child.Column - node.Content[i-1].Column
				return
			}
			walk(child)
		}
	}
	walk(node)
	return max(found, 0)
}

func groupOf(apiVersion string) string {
	version, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return ""
	}
	return version.Group
}
