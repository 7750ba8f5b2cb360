package analyze

import (
	"bytes"
	"slices"
	"sync"

	"github.com/meshctl/meshctl/internal/object"
)

// Nodes reads resources again, for checks of what their types have no place
// for, and calls do with the number of each and the node of the whole object.
// It does so from several goroutines at a time, and leaves out resources of a
// cluster, except for definitions. A node is good only as long as the call.
func (p *Pass) Nodes(resources []*Resource, do func(i int, node *object.Node)) {
	byDocument := map[*object.Document][]int{}
	var documents []*object.Document
	for i, r := range resources {
		switch document := r.origin.document; {
		case document != nil && byDocument[document] == nil:
			documents = append(documents, document)
			fallthrough
		case document != nil:
			byDocument[document] = append(byDocument[document], i)
		case r.origin.live != nil:
			node := object.NodeOf(r.origin.live)
			do(i, &node)
		}
	}
	const chunk = 64
	var broken firstPanic
	defer broken.again()
	parallel(p.workers, (len(documents)+chunk-1)/chunk, func(part int) {
		defer broken.keep()
		var parser object.Parser
		for _, document := range documents[part*chunk : min((part+1)*chunk, len(documents))] {
			root, err := parser.Parse(document.Text)
			if err != nil || p.ctx.Err() != nil { // it could be read when the mesh was made
				continue
			}
			for _, i := range byDocument[document] {
				if node, found := root.Find(resources[i].origin.within); found {
					do(i, node)
				}
			}
		}
	})
}

// firstPanic takes a panic from one goroutine to another, where the driver
// expects it.
type firstPanic struct {
	once  sync.Once
	value any
}

func (p *firstPanic) keep() {
	if value := recover(); value != nil {
		p.once.Do(func() { p.value = value })
	}
}

func (p *firstPanic) again() {
	if p.value != nil {
		panic(p.value)
	}
}

// Mentions says whether the document of a resource has one of some words
// anywhere: a cheap question to ask before reading it again.
func (r *Resource) Mentions(words ...string) bool {
	document := r.origin.document
	return document != nil && slices.ContainsFunc(words, func(word string) bool {
		return bytes.Contains(document.Text, []byte(word))
	})
}
