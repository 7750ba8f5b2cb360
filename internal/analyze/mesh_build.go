package analyze

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

// Input is what a mesh is made of.
type Input struct {
	// Documents are texts of objects. They take the place of live objects of
	// the same name.
	Documents []object.Document
	// Cluster is the name of the cluster, where there are several.
	Cluster string
	// Unread is what could not be read before it came to documents, for Mesh.Unread.
	Unread []error
	// Live are objects of a cluster.
	Live []object.Object
	// Listed are the kinds of which Live has all there are.
	Listed []Kind
	// Complete says that all kinds are: what is not in the input does not exist.
	Complete bool
	// Namespace is that of objects in documents that name none.
	Namespace string
	// MeshConfig and MeshNetworks are documents to use instead of those in the
	// ConfigMap of the control plane.
	MeshConfig, MeshNetworks *object.Document
	Settings                 Settings
	// Workers is how many documents are read at a time; one for each processor if 0.
	Workers int
}

// NewMesh reads the input. What cannot be read is told by Unread; the only
// error is that of the context.
func NewMesh(ctx context.Context, in Input) (*Mesh, error) {
	b := &builder{input: in, shapes: shapesByKind(), inMetadata: object.Field("metadata"), inSpec: object.Field("spec")}
	read := make([]reading, len(in.Documents)+len(in.Live))
	if err := b.each(ctx, len(read), func(w *reader, i int) {
		if live := i - len(in.Documents); live >= 0 {
			read[i] = w.live(&in.Live[live])
		} else {
			read[i] = w.document(&in.Documents[i])
		}
	}); err != nil {
		return nil, err
	}
	m := &Mesh{Settings: in.Settings.withDefaults(), kinds: map[Kind][]*Resource{}, unread: slices.Clone(in.Unread), cluster: in.Cluster}
	m.assemble(read, b.shapes)
	m.known = newKnowledge(in, m.kinds)
	b.configure(m)
	m.indexes.init(m)
	return m, nil
}

func (s Settings) withDefaults() Settings {
	if s.IstioNamespace == "" {
		s.IstioNamespace = "istio-system"
	}
	if s.ClusterDomain == "" {
		s.ClusterDomain = "cluster.local"
	}
	return s
}

// reading is what came out of one document.
type reading struct {
	resources []*Resource
	err       error
	foreign   bool
	source    object.Source
	comments  []comment
}

type builder struct {
	input              Input
	shapes             map[Kind]*shape
	inMetadata, inSpec object.Path
}

// reader is what one goroutine reads documents with.
type reader struct {
	*builder
	parser  object.Parser
	decoder decode.Decoder
	meta    metav1.ObjectMeta
}

// each calls do for the numbers below n, in several goroutines with a reader each.
func (b *builder) each(ctx context.Context, n int, do func(*reader, int)) error {
	const chunk = 64
	workers := b.input.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			w := &reader{builder: b}
			for ctx.Err() == nil {
				end := int(next.Add(chunk))
				for i := end - chunk; i < min(end, n); i++ {
					do(w, i)
				}
				if end >= n {
					return
				}
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

func (b *reader) document(document *object.Document) reading {
	source := document.Source
	root, err := b.parser.Parse(document.Text)
	if err != nil {
		return reading{err: syntaxError(document, err)}
	}
	from := origin{document: document}
	if document.Item && root.Kind == object.ListNode && len(root.Children) == 1 {
		root, from.within = root.Children[0], from.within.With(0)
	}
	if root.Kind != object.MapNode || root.Str("apiVersion") == "" || root.Str("kind") == "" {
		return reading{foreign: root.Kind != object.NullNode, source: source}
	}
	read := reading{comments: comments(document)}
	b.collect(&root, from, &read)
	return read
}

func syntaxError(document *object.Document, err error) error {
	source := document.Source
	if parse, ok := errors.AsType[*object.ParseError](err); ok && parse.Line > 0 {
		source.Line = document.LineOf(parse.Line)
	}
	return &object.SyntaxError{Source: source, Err: err}
}

func (b *reader) live(live *object.Object) reading {
	root := object.NodeOf(live.Object)
	var read reading
	from := origin{}
	if live.GetKind() == CustomResourceDefinition.Name() {
		from.live = live.Object
	}
	b.collect(&root, from, &read)
	return read
}

// collect reads an object, or those of a List.
func (b *reader) collect(node *object.Node, from origin, read *reading) {
	items, isList := node.Field("items")
	if isList && items.Kind == object.ListNode && strings.HasSuffix(node.Str("kind"), "List") {
		for i := range items.Children {
			item := from
			item.within = from.within.With("items", i)
			b.collect(&items.Children[i], item, read)
		}
		return
	}
	resource, err := b.resource(node, from)
	switch {
	case err != nil:
		read.err = err
	case resource.Name == "" && b.shapes[resource.Kind] == nil:
		// A configuration file in the style of Kubernetes, such as a kustomization.
		read.foreign, read.source = true, from.source()
	default:
		read.resources = append(read.resources, resource)
	}
}

func (b *reader) resource(node *object.Node, from origin) (*Resource, error) {
	group, version := groupVersion(node.Str("apiVersion"))
	r := &Resource{Kind: KindOf(schema.GroupKind{Group: group, Kind: node.Str("kind")}), Version: version, Cluster: b.input.Cluster, origin: from}
	b.meta = metav1.ObjectMeta{}
	if metadata, ok := node.Field("metadata"); ok {
		r.Problems = b.decoder.Into(metadata, &b.meta, b.inMetadata)
	}
	r.take(&b.meta)
	known := b.shapes[r.Kind]
	if r.Name == "" && known != nil && known.nameless {
		r.Name = "unnamed"
	}
	if r.Name == "" && known != nil {
		return nil, &object.SyntaxError{Source: from.source(), Err: fmt.Errorf("%s has no name", r.Kind.Name())}
	}
	switch {
	case known == nil:
		return r, nil
	case known.cluster:
		r.Namespace = ""
	case r.Namespace == "" && from.document != nil:
		r.Namespace = b.input.Namespace
	}
	b.fill(r, known, node)
	return r, nil
}

func groupVersion(apiVersion string) (group, version string) {
	group, version, ok := strings.Cut(apiVersion, "/")
	if !ok {
		return "", apiVersion
	}
	return group, version
}

func (r *Resource) take(meta *metav1.ObjectMeta) {
	r.Namespace, r.Name = meta.Namespace, meta.Name
	if r.Name == "" && meta.GenerateName != "" {
		r.Name = meta.GenerateName + "*"
	}
	r.Labels, r.Annotations = meta.Labels, meta.Annotations
	r.Created = meta.CreationTimestamp.Time
	for _, owner := range meta.OwnerReferences {
		r.Owners = append(r.Owners, Owner{Kind: owner.Kind, Name: owner.Name})
	}
}

// fill decodes the body of a resource into the type of its kind.
func (b *reader) fill(r *Resource, known *shape, node *object.Node) {
	r.body = known.body()
	var problems []decode.Problem
	if known.whole {
		problems = b.decoder.Into(node, r.body, nil)
	} else if spec, ok := node.Field("spec"); ok {
		problems = b.decoder.Into(spec, r.body, b.inSpec)
	}
	if status, ok := node.Field("status"); ok && known.status {
		r.Status = known.readStatus(status)
	}
	if !known.loose {
		r.Problems = append(r.Problems, problems...)
		if !known.whole {
			r.Problems = append(r.Problems, unknownAtTop(node)...)
		}
	}
}

// unknownAtTop are the fields beside spec that no kind has.
func unknownAtTop(node *object.Node) []decode.Problem {
	var problems []decode.Problem
	for _, child := range node.Children {
		switch child.Key {
		case "apiVersion", "kind", "metadata", "spec", "status":
		default:
			problems = append(problems, decode.Problem{
				Reason: decode.UnknownField, Path: object.Path(nil).Key(child.Key), Message: "there is no such field",
				Known: []string{"apiVersion", "kind", "metadata", "spec", "status"},
			})
		}
	}
	return problems
}

// assemble sorts what was read into tables; of objects that are there twice,
// the last counts, and any in a document before a live one.
func (m *Mesh) assemble(read []reading, known map[Kind]*shape) {
	for _, one := range read {
		if one.err != nil {
			m.unread = append(m.unread, one.err)
		}
		m.comments = append(m.comments, one.comments...)
		if one.foreign {
			m.foreign = append(m.foreign, one.source)
		}
		for _, r := range one.resources {
			if known[r.Kind] == nil {
				m.others = append(m.others, r)
			} else {
				m.kinds[r.Kind] = append(m.kinds[r.Kind], r)
			}
		}
	}
	for kind, resources := range m.kinds {
		m.kinds[kind] = m.distinct(resources)
	}
	slices.SortFunc(m.duplicates, func(a, b Duplicate) int { return a.Last.compare(b.Last) })
	slices.SortStableFunc(m.others, (*Resource).compare)
}

func (m *Mesh) distinct(resources []*Resource) []*Resource {
	// Stable, so that the order of the input decides which of two is the last.
	slices.SortStableFunc(resources, (*Resource).compareName)
	kept := resources[:0]
	for _, r := range resources {
		if last := len(kept) - 1; last < 0 || !same(kept[last], r) {
			kept = append(kept, r)
		} else if !r.Live() {
			m.duplicates = append(m.duplicates, Duplicate{First: kept[last], Last: r})
			if r.Created.IsZero() { // applying a file does not make the object younger
				r.Created = kept[last].Created
			}
			kept[last] = r
		}
	}
	return kept
}

func same(a, b *Resource) bool {
	// Files of the same installation are laid one over another.
	layered := a.Kind == IstioOperator
	return a.Name == b.Name && a.Namespace == b.Namespace && a.Cluster == b.Cluster && !strings.HasSuffix(a.Name, "*") && !layered
}
