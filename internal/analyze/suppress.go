package analyze

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/object"
)

// Suppression is somebody's decision not to report findings.
type Suppression struct {
	// Code is a code, that of Kiali for the same, or a pattern with stars.
	Code string
	// Resource is a pattern of "Kind namespace/name", or of "Kind name.namespace"
	// as istioctl documents it. The case of the kind does not matter.
	Resource string
	// Path is a pattern of files, such as "deploy/legacy/**"; any if it is empty.
	Path string
	// Reason is why, for those that have one.
	Reason string
	// Until is the last day on which it holds; zero is for ever.
	Until time.Time
	// Position is where it is written, if it is in a file.
	Position object.Position

	// on is the resource it was written at, nil for one that holds for any.
	on *Resource
	// line narrows it to findings on the same line or the one below.
	line bool
}

// String names what it suppresses, for messages.
func (s Suppression) String() string {
	switch {
	case s.on != nil:
		return s.Code + " on " + s.on.String()
	case s.line:
		return s.Code
	}
	if s.Path != "" {
		return s.Code + "=" + s.Resource + " in " + s.Path
	}
	return s.Code + "=" + s.Resource
}

// Stale is a suppression that does nothing.
type Stale struct {
	Suppression
	// Why says what is the matter: "nothing to suppress", "expired on 2026-01-31".
	Why string
}

// ParseSuppression reads CODE=RESOURCE.
func ParseSuppression(text string) (Suppression, error) {
	code, resource, ok := strings.Cut(text, "=")
	if !ok || strings.TrimSpace(code) == "" || strings.TrimSpace(resource) == "" {
		return Suppression{}, fmt.Errorf("%q must be CODE=RESOURCE, such as 'IST0102=Namespace shop'", text)
	}
	return Suppression{Code: strings.TrimSpace(code), Resource: strings.TrimSpace(resource)}, nil
}

// The annotations that suppress findings on their resource.
const (
	suppressAnnotation = "galley.istio.io/analyze-suppress"
	ownAnnotation      = "meshctl.io/suppress"
	kialiAnnotation    = "kiali.io/ignore-validations"
)

// judge decides which findings are suppressed, and remembers which suppressions were needed.
type judge struct {
	all     []*suppressing
	byFile  map[string][]*suppressing
	mesh    *Mesh
	today   time.Time
	options Options
	stale   []Stale
}

type suppressing struct {
	Suppression
	files *regexp.Regexp
	used  bool
}

func newJudge(mesh *Mesh, options Options) *judge {
	j := &judge{mesh: mesh, today: options.Today, options: options, byFile: map[string][]*suppressing{}}
	for _, s := range options.Suppress {
		if j.expired(s) {
			continue
		}
		one := &suppressing{Suppression: s}
		if s.Path != "" {
			one.files = pathPattern(s.Path)
		}
		j.all = append(j.all, one)
	}
	for _, comment := range mesh.comments {
		switch {
		case comment.problem != "":
			j.stale = append(j.stale, Stale{comment.Suppression, comment.problem})
		case j.expired(comment.Suppression):
		default:
			s := &suppressing{Suppression: comment.Suppression}
			j.byFile[comment.Position.File] = append(j.byFile[comment.Position.File], s)
		}
	}
	return j
}

// expired notes a suppression whose last day is over.
func (j *judge) expired(s Suppression) bool {
	if s.Until.IsZero() || j.today.IsZero() || !j.today.After(s.Until.AddDate(0, 0, 1)) {
		return false
	}
	j.stale = append(j.stale, Stale{s, "it expired on " + s.Until.Format(time.DateOnly)})
	return true
}

// suppression is what suppresses a finding, nil if nothing does.
func (j *judge) suppression(f *Finding) *Suppression {
	code := f.Code.Narrowed(f.Alias)
	for _, s := range j.byFile[f.Position.File] {
		if below := f.Position.Line - s.Position.Line; below >= 0 && below <= 1 && codeMatches(s.Code, code) {
			s.used = true
			return &s.Suppression
		}
	}
	for _, s := range j.all {
		if codeMatches(s.Code, code) && resourceMatches(s.Resource, f.Resource) && (s.files == nil || s.files.MatchString(j.options.file(f.Resource))) {
			s.used = true
			return &s.Suppression
		}
	}
	if code, ok := annotated(f.Resource, code, suppressAnnotation, ownAnnotation, kialiAnnotation); ok {
		return &Suppression{Code: code, on: f.Resource}
	}
	if home, ok := j.mesh.Namespaces().Get("", f.Resource.Namespace); ok {
		if code, ok := annotated(home.Resource, code, ownAnnotation); ok {
			return &Suppression{Code: code, on: home.Resource}
		}
	}
	return nil
}

// unused adds the suppressions that were not needed to those that are stale.
func (j *judge) unused() []Stale {
	for _, file := range sortedNamespaces(j.byFile) {
		for _, s := range j.byFile[file] {
			if !s.used {
				j.stale = append(j.stale, Stale{s.Suppression, "there is nothing to suppress"})
			}
		}
	}
	for _, s := range j.all {
		if !s.used {
			j.stale = append(j.stale, Stale{s.Suppression, "there is nothing to suppress"})
		}
	}
	return j.stale
}

// annotated looks for the code in annotations that list codes.
func annotated(r *Resource, code *Code, annotations ...string) (pattern string, ok bool) {
	for _, annotation := range annotations {
		text, there := r.Annotations[annotation]
		if !there {
			continue
		}
		if annotation == kialiAnnotation && strings.TrimSpace(text) == "" && len(code.Aliases) > 0 {
			return "*", true // Kiali takes an empty list for all of its codes
		}
		for pattern := range strings.SplitSeq(text, ",") {
			// A reason may follow the code.
			pattern, _, _ = strings.Cut(strings.TrimSpace(pattern), ":")
			if pattern != "" && codeMatches(pattern, code) {
				return pattern, true
			}
		}
	}
	return "", false
}

func codeMatches(pattern string, code *Code) bool {
	match := func(name string) bool {
		matched, err := path.Match(strings.ToUpper(pattern), name)
		return matched && err == nil
	}
	return match(code.ID) || slices.ContainsFunc(code.Aliases, match)
}

// resourceMatches lets a star stand for any text, slashes included.
func resourceMatches(pattern string, r *Resource) bool {
	names := []string{r.Kind.Name() + " " + r.Name}
	if r.Namespace != "" {
		names = []string{r.Kind.Name() + " " + r.FullName(), r.Kind.Name() + " " + r.Name + "." + r.Namespace}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return wildcard(strings.ToLower(pattern), strings.ToLower(name))
	})
}

func wildcard(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
