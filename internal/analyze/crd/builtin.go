package crd

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/manifests"
)

// folder has the definitions that meshctl installs, one file for each.
const folder = "charts/base/files/crds"

// Library is the definitions of Istio and the Gateway API that meshctl
// installs. They are read from the chart when they are first needed. It is safe
// for concurrent use.
type Library struct {
	engine cel.Engine
	once   sync.Once
	all    []*entry
}

// entry is one file of the library.
type entry struct {
	file       string
	plural     string
	group      string
	once       sync.Once
	definition *Definition
	err        error
}

// Engine is what the rules of the library are compiled with, for other
// definitions too.
func (l *Library) Engine() *cel.Engine { return &l.engine }

func (l *Library) init() {
	l.once.Do(func() {
		files, err := fs.Glob(manifests.FS(), folder+"/*/*.yaml")
		if err != nil { // the pattern is a good one
			return
		}
		for _, file := range files {
			plural, group, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".yaml"), ".")
			l.all = append(l.all, &entry{file: file, plural: plural, group: group})
		}
	})
}

// Find finds the definition of a kind.
func (l *Library) Find(kind schema.GroupKind) (*Definition, bool, error) {
	l.init()
	for _, one := range l.all {
		if one.group != kind.Group || !isPlural(one.plural, kind.Kind) {
			continue
		}
		definition, err := l.read(one)
		if err != nil {
			return nil, false, err
		}
		if definition.Kind == kind {
			return definition, true, nil
		}
	}
	return nil, false, nil
}

// isPlural says whether a name can be the plural of a kind, so that only that
// file is read: virtualservices, gatewayclasses and proxyconfigs begin like
// their kinds, and so do telemetries, but for the last letter.
func isPlural(plural, kind string) bool {
	stem := strings.TrimSuffix(strings.ToLower(kind), "y")
	return strings.HasPrefix(plural, stem) && len(plural) <= len(stem)+3
}

// All are all definitions, in the order of their names.
func (l *Library) All() ([]*Definition, error) {
	l.init()
	definitions := make([]*Definition, 0, len(l.all))
	for _, one := range l.all {
		definition, err := l.read(one)
		if err != nil {
			return nil, err
		}
		definitions = append(definitions, definition)
	}
	slices.SortFunc(definitions, func(a, b *Definition) int {
		return strings.Compare(a.Plural+"."+a.Kind.Group, b.Plural+"."+b.Kind.Group)
	})
	return definitions, nil
}

func (l *Library) read(one *entry) (*Definition, error) {
	one.once.Do(func() {
		text, err := fs.ReadFile(manifests.FS(), one.file)
		if err != nil {
			one.err = fmt.Errorf("reading %s: %w", one.file, err)
			return
		}
		_, text, _ = bytes.Cut(text, []byte("\n")) // a comment, and then JSON
		one.definition, one.err = Read(text, &l.engine)
	})
	return one.definition, one.err
}
