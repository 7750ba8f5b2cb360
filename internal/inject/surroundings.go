package inject

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// Surroundings are objects that have a say in the injection of others: they may
// stand among the workloads.
type Surroundings struct {
	Namespaces   map[string]Namespace
	ProxyConfigs []ProxyConfig
	// Namespace is that of objects that name none.
	Namespace string
}

// Collect finds namespaces and proxy configurations in a stream of documents.
func (s *Surroundings) Collect(file string, text []byte) error {
	for _, part := range split(text) {
		// Most documents are workloads: reading them twice would cost twice the time.
		if part.empty() || !bytes.Contains(part.text, []byte("ProxyConfig")) && !bytes.Contains(part.text, []byte("Namespace")) {
			continue
		}
		fields, err := readMap(part.text)
		if err != nil {
			return &object.SyntaxError{Source: object.Source{File: file, Line: part.line}, Err: err}
		}
		if err := s.Add(object.New(fields, object.Source{File: file, Line: part.firstLine()})); err != nil {
			return err
		}
	}
	return nil
}

// Add notes an object if it is one of those that count. The first of two
// namespaces with the same name stays.
func (s *Surroundings) Add(o object.Object) error {
	kind := o.GetKind()
	if items, ok := o.Object["items"].([]any); ok && strings.HasSuffix(kind, "List") {
		for _, item := range items {
			fields, _ := item.(map[string]any)
			if err := s.Add(object.New(fields, o.Source)); err != nil {
				return err
			}
		}
		return nil
	}
	switch {
	case kind == "Namespace" && o.GetAPIVersion() == "v1":
		if s.Namespaces == nil {
			s.Namespaces = map[string]Namespace{}
		}
		if _, known := s.Namespaces[o.GetName()]; !known {
			s.Namespaces[o.GetName()] = Namespace{Labels: o.GetLabels(), Annotations: o.GetAnnotations()}
		}
	case kind == "ProxyConfig" && groupOf(o.GetAPIVersion()) == "networking.istio.io":
		config, err := ReadProxyConfig(o)
		if err != nil {
			return &ObjectError{Ref: o.Ref(), Source: o.Source, Err: err}
		}
		config.Namespace = cmp.Or(config.Namespace, s.Namespace)
		s.ProxyConfigs = append(s.ProxyConfigs, config)
	}
	return nil
}
