package virtualservice

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// headers judges what is done to the headers of requests and responses.
func (s *scope) headers(headers *networking.Headers, at *rules.Place) {
	request, response := headers.GetRequest(), headers.GetResponse()
	s.written(request.GetSet(), true, at.Field("request").Field("set"))
	s.written(request.GetAdd(), true, at.Field("request").Field("add"))
	s.removed(request.GetRemove(), at.Field("request").Field("remove"))
	s.written(response.GetSet(), false, at.Field("response").Field("set"))
	s.written(response.GetAdd(), false, at.Field("response").Field("add"))
	s.removed(response.GetRemove(), at.Field("response").Field("remove"))
}

func (s *scope) written(headers map[string]string, request bool, at *rules.Place) {
	for _, name := range rules.SortedKeys(headers) {
		if !request || !isAuthority(name) {
			s.changed(name, at.Field(name))
		}
		if fault := rules.HeaderValueFault(headers[name]); fault != "" {
			s.Wrong(at.Field(name), "value %q %s", headers[name], fault)
		}
	}
}

func (s *scope) removed(names []string, at *rules.Place) {
	for i, name := range names {
		s.changed(name, at.Item(i))
	}
}

// changed wants the name of a header that may be changed.
func (s *scope) changed(name string, at *rules.Place) {
	switch {
	case name == "":
		s.Wrong(at, "a header needs a name")
	case isAuthority(name):
		s.Wrong(at, "the host of a request can be set, and neither be removed nor be part of a response")
	case strings.HasPrefix(name, ":") || strings.HasPrefix(name, "@"):
		s.Wrong(at, "%q is no header: it is made of the first line of the request, or of its token", name)
	}
}

func isAuthority(name string) bool {
	return strings.EqualFold(name, "host") || strings.EqualFold(name, ":authority")
}

// authority wants the host of a request to be set in one way only.
func (s *scope) authority(rewritten string, headers *networking.Headers, at *rules.Place) {
	request := headers.GetRequest()
	if len(request.GetSet())+len(request.GetAdd()) == 0 {
		return
	}
	for _, operation := range [2]string{"set", "add"} {
		values := request.GetSet()
		if operation == "add" {
			values = request.GetAdd()
		}
		for _, name := range rules.SortedKeys(values) {
			if !isAuthority(name) {
				continue
			}
			if rewritten != "" {
				s.Wrong(at.Field("headers").Field("request").Field(operation).Field(name), "the host of requests is set to %q already", rewritten)
			}
			rewritten = values[name]
		}
	}
}
