package graph

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// WriteDOT writes the graph in the language of Graphviz, with a box around each namespace.
func WriteDOT(w io.Writer, g Graph) {
	fmt.Fprint(w, "digraph mesh {\n  rankdir=LR\n  node [shape=box, style=rounded, fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\", fontsize=10]\n")
	for _, namespace := range g.namespaces() {
		indent := "  "
		if namespace != "" {
			fmt.Fprintf(w, "  subgraph %s {\n    label=%s\n", quoted("cluster_"+namespace), quoted(namespace))
			indent = "    "
		}
		for _, node := range g.in(namespace) {
			style := ""
			if node.Kind != Workload {
				style = ", style=\"rounded,dashed\""
			}
			fmt.Fprintf(w, "%s%s [label=%s%s]\n", indent, quoted(node.ID), quoted(node.Name), style)
		}
		if namespace != "" {
			fmt.Fprint(w, "  }\n")
		}
	}
	for _, link := range g.Links {
		fmt.Fprintf(w, "  %s -> %s [label=%s, color=%s]\n", quoted(link.From), quoted(link.To), quoted(link.Label()), quoted(link.color()))
	}
	fmt.Fprint(w, "}\n")
}

// quoted is a string of DOT.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// WriteMermaid writes the graph as a flowchart that Markdown pages show.
func WriteMermaid(w io.Writer, g Graph) {
	fmt.Fprint(w, "flowchart LR\n")
	ids := map[string]string{}
	for i, node := range g.Nodes {
		ids[node.ID] = "n" + strconv.Itoa(i)
	}
	for i, namespace := range g.namespaces() {
		indent := "  "
		if namespace != "" {
			fmt.Fprintf(w, "  subgraph s%d[%s]\n", i, escaped(namespace))
			indent = "    "
		}
		for _, node := range g.in(namespace) {
			begin, end := "[", "]"
			if node.Kind != Workload {
				begin, end = "([", "])"
			}
			fmt.Fprintf(w, "%s%s%s%s%s\n", indent, ids[node.ID], begin, escaped(node.Name), end)
		}
		if namespace != "" {
			fmt.Fprint(w, "  end\n")
		}
	}
	for i, link := range g.Links {
		fmt.Fprintf(w, "  %s -->|%s| %s\n", ids[link.From], escaped(link.Label()), ids[link.To])
		fmt.Fprintf(w, "  linkStyle %d stroke:%s\n", i, link.color())
	}
}

// escaped is a text of Mermaid.
func escaped(text string) string {
	return `"` + strings.NewReplacer(`"`, "#quot;", "\n", " ").Replace(text) + `"`
}

// color says how a link is doing: red where many requests fail, green where hardly any do.
func (l Link) color() string {
	const good, poor = 0.99, 0.95
	switch {
	case l.Success == nil:
		return "#6b7280"
	case *l.Success >= good:
		return "#15803d"
	case *l.Success >= poor:
		return "#b45309"
	}
	return "#b91c1c"
}

// namespaces are those of the nodes, none at the end.
func (g Graph) namespaces() []string {
	var all []string
	for _, node := range g.Nodes {
		if node.Namespace != "" && !slices.Contains(all, node.Namespace) {
			all = append(all, node.Namespace)
		}
	}
	slices.Sort(all)
	return append(all, "")
}

func (g Graph) in(namespace string) []Node {
	var nodes []Node
	for _, node := range g.Nodes {
		if node.Namespace == namespace {
			nodes = append(nodes, node)
		}
	}
	return nodes
}
