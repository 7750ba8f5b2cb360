package graph

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteText draws the graph as a tree: what nobody calls stands at the left, and
// what it calls below it. What was drawn before is only named again.
func WriteText(w io.Writer, g Graph) {
	called := map[string]bool{}
	for _, link := range g.Links {
		if link.From != link.To {
			called[link.To] = true
		}
	}
	drawn := map[string]bool{}
	draw := func(wanted func(Node) bool) {
		for _, node := range g.Nodes {
			if !drawn[node.ID] && wanted(node) {
				fmt.Fprintln(w, node.title())
				g.below(w, node.ID, "", drawn)
			}
		}
	}
	draw(func(n Node) bool { return !called[n.ID] && n.Kind == Workload })
	draw(func(n Node) bool { return !called[n.ID] })
	draw(func(Node) bool { return true }) // what is only called in a circle
}

func (g Graph) below(w io.Writer, id, indent string, drawn map[string]bool) {
	drawn[id] = true
	var links []Link
	for _, link := range g.Links {
		if link.From == id {
			links = append(links, link)
		}
	}
	for i, link := range links {
		branch, next := "├─ ", "│  "
		if i == len(links)-1 {
			branch, next = "└─ ", "   "
		}
		again := drawn[link.To] && g.calls(link.To)
		mark := ""
		if again {
			mark = " (above)"
		}
		fmt.Fprintf(w, "%s%s%s  %s%s\n", indent, branch, g.node(link.To).title(), link.Label(), mark)
		if !again {
			g.below(w, link.To, indent+next, drawn)
		}
	}
}

func (g Graph) calls(id string) bool {
	for _, link := range g.Links {
		if link.From == id {
			return true
		}
	}
	return false
}

func (g Graph) node(id string) Node {
	for _, node := range g.Nodes {
		if node.ID == id {
			return node
		}
	}
	return Node{ID: id, Name: id}
}

func (n Node) title() string {
	switch {
	case n.Kind == Service:
		return n.Name + "." + n.Namespace + " (no workload answers)"
	case n.Namespace == "":
		return n.Name
	}
	return n.Namespace + "/" + n.Name
}

// Label is a link in a few words: its rate, and what is wrong with it.
func (l Link) Label() string {
	words := []string{l.Protocol}
	if l.RPS > 0 {
		words = append(words, number(l.RPS)+"/s")
	} else {
		words = append(words, bytesRate(l.Bytes))
	}
	if l.Success != nil && *l.Success < 1 {
		words = append(words, number(100*(1-*l.Success))+"% fail")
	}
	if l.Secured != nil && *l.Secured < 1 {
		words = append(words, "no mTLS")
	}
	return strings.Join(words, ", ")
}

func bytesRate(n float64) string {
	const step = 1024
	units := []string{" B/s", " KiB/s", " MiB/s", " GiB/s"}
	unit := 0
	for n >= step && unit < len(units)-1 {
		n /= step
		unit++
	}
	return number(n) + units[unit]
}

func number(n float64) string {
	const some = 100
	if n >= some {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(n, 'f', 2, 64), "0"), ".")
}
