package render

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// UsedValue is a value that a template reads where it fails, and who set it.
type UsedValue struct {
	Path   string // below spec
	Origin profiles.Origin
}

// mostSuspects is how many values are worth naming.
const mostSuspects = 3

var (
	// How the engine tells where a template failed: the innermost place comes last.
	failedAt   = regexp.MustCompile(`template: ([^\s:]+):(\d+)(?::\d+)?: executing "[^"]*" at `)
	refusedAt  = regexp.MustCompile(`^execution error at \(([^\s:]+):(\d+)(?::\d+)?\): `)
	valuesPath = regexp.MustCompile(`(?:\.Values|(\$[A-Za-z]+))((?:\)*\.[A-Za-z_][A-Za-z0-9_-]*)+)`)
	bareKey    = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*`)
	aliased    = regexp.MustCompile(`(\$[A-Za-z]+) :?= \(*\.Values((?:\)*\.[A-Za-z_][A-Za-z0-9_-]*)+)`)
	settings   = regexp.MustCompile(`(\$[A-Za-z]+) :?= (?:get \(\.Values\.gateways|index \.Values \.Chart\.Name)`)
)

// frame is one place on the way to where a template failed.
type frame struct {
	file string
	line int
}

// blame completes the error of a chart by the template and line where it
// failed, and by the values read there that the user, or a layer on the way,
// has set.
func (c *charts) blame(err error, mesh *profiles.Mesh, component profiles.Component) error {
	failed, ok := errors.AsType[*ChartError](err)
	if !ok {
		return err
	}
	frames, message := framesOf(failed.Err.Error())
	failed.Refused = refusedAt.MatchString(failed.Err.Error())
	if syntax, ok := errors.AsType[*object.SyntaxError](failed.Err); ok {
		failed.Template, failed.Reason = withoutChart(syntax.Source.File), "what it makes is not valid YAML: "+syntax.Err.Error()
		frames = []frame{{file: syntax.Source.File}}
	} else if len(frames) > 0 {
		last := frames[len(frames)-1]
		failed.Template, failed.Line, failed.Reason = withoutChart(last.file), last.line, message
	}
	near, inFiles := c.mentioned(failed, frames, component.Root)
	for _, key := range bareKey.FindAllString(message, -1) {
		near = append(near, strings.Split(key, "."))
	}
	for _, found := range [][]UsedValue{suspects(mesh, near), suspects(mesh, inFiles), unvalidated(mesh), suspects(mesh, near)} {
		if failed.Values = found; byUser(found) {
			break
		}
	}
	failed.Values = failed.Values[:min(len(failed.Values), mostSuspects)]
	return err
}

// mentioned are the paths of values that templates read: near the places where
// the error came by, the innermost first, and anywhere in the same files.
func (c *charts) mentioned(failed *ChartError, frames []frame, root []string) (near, inFiles [][]string) {
	for _, f := range slices.Backward(frames) {
		text := c.source(failed.Chart, f.file)
		aliases := aliasesIn(text, root)
		near = append(near, pathsIn(lineOf(text, f.line), aliases)...)
		near = append(near, pathsIn(failed.Err.Error(), aliases)...)
		inFiles = append(inFiles, pathsIn(text, aliases)...)
	}
	return near, inFiles
}

// unvalidated are the values that nobody has checked.
func unvalidated(mesh *profiles.Mesh) []UsedValue {
	var found []UsedValue
	for _, leaf := range mesh.Leaves("unvalidatedValues") {
		found = append(found, UsedValue{Path: "spec." + leaf.Path, Origin: leaf.Origin})
	}
	return found
}

func byUser(values []UsedValue) bool {
	return slices.ContainsFunc(values, func(v UsedValue) bool { return v.Origin.User() })
}

// framesOf takes an error of the engine apart: the places on the way, and what
// is wrong at the last.
func framesOf(reason string) ([]frame, string) {
	if match := refusedAt.FindStringSubmatch(reason); match != nil {
		return []frame{newFrame(match)}, reason[len(match[0]):]
	}
	var frames []frame
	rest := reason
	for _, at := range failedAt.FindAllStringSubmatchIndex(reason, -1) {
		frames = append(frames, newFrame([]string{"", reason[at[2]:at[3]], reason[at[4]:at[5]]}))
		rest = reason[at[1]:]
	}
	if _, message, found := strings.Cut(rest, ">: "); found && len(frames) > 0 {
		rest = message
	}
	return frames, rest
}

func newFrame(match []string) frame {
	line, _ := strconv.Atoi(match[2])
	return frame{file: match[1], line: line}
}

// withoutChart is the path of a template inside its chart.
func withoutChart(file string) string {
	_, inside, found := strings.Cut(file, "/")
	if !found {
		return file
	}
	return inside
}

// source is the text of a template, "" if it is not one of ours.
func (c *charts) source(name, file string) string {
	c.mu.Lock()
	load, ours := c.loaded[name]
	c.mu.Unlock()
	if !ours {
		return ""
	}
	loaded, err := load()
	if err != nil {
		return ""
	}
	return textOf(loaded, withoutChart(file))
}

// textOf is the text of a template of a chart, or of one that it depends on.
func textOf(loaded *chart.Chart, file string) string {
	for _, template := range loaded.Templates {
		if template.Name == file {
			return string(template.Data)
		}
	}
	for _, dependency := range loaded.Dependencies() {
		if inside, ok := strings.CutPrefix(file, "charts/"+dependency.Name()+"/"); ok {
			return textOf(dependency, inside)
		}
	}
	return ""
}

func lineOf(text string, number int) string {
	lines := strings.Split(text, "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return lines[number-1]
}

// aliasesIn are the variables of a template that stand for a path of the values.
func aliasesIn(text string, root []string) map[string][]string {
	found := map[string][]string{}
	for _, match := range aliased.FindAllStringSubmatch(text, -1) {
		found[match[1]] = stepsOf(match[2])
	}
	for _, match := range settings.FindAllStringSubmatch(text, -1) {
		found[match[1]] = root
	}
	return found
}

// pathsIn are the paths of values that a piece of a template reads.
func pathsIn(text string, aliases map[string][]string) [][]string {
	var paths [][]string
	for _, match := range valuesPath.FindAllStringSubmatch(text, -1) {
		switch root, known := aliases[match[1]]; {
		case match[1] == "":
			paths = append(paths, stepsOf(match[2]))
		case known:
			paths = append(paths, slices.Concat(root, stepsOf(match[2])))
		}
	}
	return paths
}

func stepsOf(path string) []string {
	return strings.Split(strings.TrimPrefix(strings.ReplaceAll(path, ")", ""), "."), ".")
}

// suspects are the values at those paths that are not the charts' own. What the
// user said comes before what a profile says.
func suspects(mesh *profiles.Mesh, paths [][]string) []UsedValue {
	var users, others []UsedValue
	for _, path := range paths {
		full := slices.Concat([]string{"values"}, path)
		for mesh.Origin(full...).Kind == profiles.FromNowhere && len(path) > 0 {
			// A template may look into a value that has nothing to look into.
			path, full = path[:len(path)-1], full[:len(full)-1]
		}
		if len(path) < 2 && len(mesh.Leaves(full...)) != 1 {
			continue // a whole chapter of the values tells nothing
		}
		used := UsedValue{Path: "spec." + strings.Join(full, "."), Origin: mesh.Origin(full...)}
		switch {
		case slices.Contains(users, used) || slices.Contains(others, used):
		case used.Origin.User():
			users = append(users, used)
		case used.Origin.Kind > profiles.FromChart:
			others = append(others, used)
		}
	}
	if len(users) == 0 {
		users = others
	}
	return users
}
