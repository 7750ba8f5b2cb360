// Package template finds objects that templates left unfinished.
package template

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH0005.md
var msh0005 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "template",
	Doc:   "Objects are rendered: no field has a placeholder of a template, or what is left of one.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Codes: []*analyze.Code{residue},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var residue = &analyze.Code{ID: "MSH0005", Severity: analyze.Error, Title: "A template is not rendered", Doc: msh0005}

// remain is what was found in one field.
type remain struct {
	path object.Path
	text string
	what string
}

func run(pass *analyze.Pass) error {
	var resources []*analyze.Resource
	for r := range pass.Mesh.Documented() {
		if r.Mentions("{{", "${", "<no value>", "(<nil>)") {
			resources = append(resources, r)
		}
	}
	placeholder := regexp.MustCompile(`\{\{.*?\}\}|\$\{[A-Za-z_][A-Za-z0-9_.]*(?::?[-=?+][^}]*)?\}`)
	found := make([][]remain, len(resources))
	pass.Nodes(resources, func(i int, node *object.Node) {
		s := search{placeholder: placeholder, ours: isOurs(resources[i].Kind)}
		s.object(node)
		found[i] = s.found
	})
	for i, remains := range found {
		for _, one := range remains {
			pass.Reportf(residue, resources[i], one.path, "%s %s", one.text, one.what)
		}
	}
	return nil
}

// isOurs knows the kinds in which no text is a program or a template of its own.
func isOurs(kind analyze.Kind) bool {
	group := kind.Group()
	return kind != analyze.EnvoyFilter && (group == "gateway.networking.k8s.io" || strings.HasSuffix(group, ".istio.io"))
}

// search goes through an object.
type search struct {
	placeholder *regexp.Regexp
	ours        bool
	path        object.Path
	found       []remain
}

// object looks at what identifies the object; at all of it, if it is ours; and
// else only where nobody writes templates.
func (s *search) object(node *object.Node) {
	for i := range node.Children {
		child := &node.Children[i]
		s.path = object.Path(nil).Key(child.Key)
		switch child.Key {
		case "metadata":
			s.metadata(child)
		case "spec":
			s.below(child, s.ours)
		}
	}
}

func (s *search) metadata(node *object.Node) {
	for _, name := range []string{"name", "namespace", "generateName", "labels"} {
		if child, ok := node.Field(name); ok {
			s.enter(object.Step{Name: name}, child, true)
		}
	}
}

// foreign are fields with contents in a language of their own.
func foreign(name string) bool {
	switch name {
	case "pluginConfig", "body", "inlineCode", "annotations", "env", "command", "args", "data", "stringData":
		return true
	}
	return false
}

// below looks at all texts below a node if strict, and else at images.
func (s *search) below(node *object.Node, strict bool) {
	switch node.Kind {
	case object.StringNode:
		if strict {
			s.text(node.Text)
		}
	case object.MapNode:
		for i := range node.Children {
			child := &node.Children[i]
			if !foreign(child.Key) {
				s.enter(object.Step{Name: child.Key}, child, strict || child.Key == "image")
			}
		}
	case object.ListNode:
		for i := range node.Children {
			s.enter(object.Step{Index: i}, &node.Children[i], strict)
		}
	}
}

func (s *search) enter(step object.Step, node *object.Node, strict bool) {
	s.path = append(s.path, step)
	s.below(node, strict)
	s.path = s.path[:len(s.path)-1]
}

func (s *search) text(text string) {
	if !strings.ContainsAny(text, "{<%") {
		return
	}
	what, quoted := "is a placeholder of a template that was not rendered", s.placeholder.FindString(text)
	for _, empty := range []string{"<no value>", "%!s(<nil>)", "%!d(<nil>)"} {
		if quoted == "" && strings.Contains(text, empty) {
			what, quoted = "is what a template writes for a value that is not there", empty
		}
	}
	if quoted != "" {
		const most = 60
		if len(quoted) > most {
			quoted = quoted[:most] + "…"
		}
		s.found = append(s.found, remain{path: slices.Clone(s.path), text: fmt.Sprintf("%q", quoted), what: what})
	}
}
